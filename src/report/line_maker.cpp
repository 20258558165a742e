#include "report/line_maker.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "plugin/secret_value.hpp"
#include "report/json_writer.hpp"

namespace deadbox::report {
namespace {

using case_file::Statement;
using case_file::TimelineRow;
using case_file::View;
using plugin::lower;

bool contains(std::string_view text, std::string_view lower_part) {
    return std::search(text.begin(), text.end(), lower_part.begin(), lower_part.end(), [](char a, char b) { return lower(a) == b; }) != text.end();
}

void write_value(JsonWriter& json, const nlohmann::json& value) {
    if (value.is_object()) {
        json.begin_object();
        for (const auto& [key, member] : value.items()) {
            json.key(key);
            write_value(json, member);
        }
        json.end_object();
    } else if (value.is_array()) {
        json.begin_array();
        for (const auto& member : value) write_value(json, member);
        json.end_array();
    } else if (value.is_string()) json.value(value.get_ref<const std::string&>());
    else if (value.is_number_unsigned()) json.value(value.get<std::uint64_t>());
    else if (value.is_number_integer()) json.value(value.get<std::int64_t>());
    else if (value.is_number()) json.value(value.get<double>());
    else if (value.is_boolean()) json.value(value.get<bool>());
    else json.null();
}

// Did somebody give this name and was not let in?
bool was_refused(std::string_view type, const Arguments& arguments) {
    for (const std::string_view ending : {".failure", ".refused", ".invalid_user", ".connection.closed"})
        if (type.ends_with(ending)) return true;
    return type == "web.request" && std::any_of(arguments.begin(), arguments.end(), [](const auto& one) { return one.first == "status" && (one.second == "401" || one.second == "403"); });
}

// A message for a kind that has no text in this language.
std::string untexted(const TimelineLine& line, const Arguments& arguments) {
    std::string text = line.timestamp_desc;
    for (const auto& [key, value] : arguments)
        if (!value.empty()) text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", key, value);
    return text;
}

}  // namespace

std::string name_of_kind(const Texts& texts, const case_file::EventKind& kind) {
    const auto& name = texts.find(kind.topic, "kinds." + kind.type);
    return name.empty() ? kind.description : name;  // English ones stand in the topic
}

std::string LineMaker::what(const TimelineRow& row) const {
    if (!row.is_file) {
        const auto kind = m_kinds.find(row.kind);
        return kind == m_kinds.end() ? std::string() : name_of_kind(m_texts, kind->second);
    }
    std::string all;
    for (std::size_t bit = 0; bit < k_file_times.size(); ++bit) {
        if ((row.what >> bit & 1) == 0) continue;
        const auto& name = m_texts.find("report", fmt::format("file_times.{}", "macbd"[bit]));
        all += (all.empty() ? "" : "; ") + (name.empty() ? std::string(k_file_times[bit]) : name);
    }
    return all;
}

base::Result<LineMaker> LineMaker::open(const View& view, const Texts& texts, const TimelineOptions& options) {
    TRY_ASSIGN(Redactor redactor, Redactor::load(view, options.redact));
    return open(view, texts, options, std::move(redactor));
}

base::Result<LineMaker> LineMaker::open(const View& view, const Texts& texts, const TimelineOptions& options, Redactor redactor) {
    TRY_ASSIGN(case_file::InodeNames names, case_file::InodeNames::open(view));
    LineMaker maker(view, texts, options, std::move(names), std::move(redactor));
    TRY_ASSIGN(maker.m_kinds, case_file::event_kinds(view));
    TRY_ASSIGN(const auto volumes, case_file::volumes(view));
    TRY_ASSIGN(const auto trees, case_file::trees(view));
    for (const auto& tree : trees) {
        maker.m_trees[tree.id].first = tree.system;
        for (const auto& volume : volumes)
            if (volume.id == tree.volume) maker.m_trees[tree.id].second = volume.label_id;
    }
    TRY_ASSIGN(Statement any, view.prepare("SELECT 1 FROM finding_item LIMIT 1"));
    TRY_ASSIGN(maker.m_has_items, any.step());
    TRY_ASSIGN(maker.m_items, view.prepare("SELECT DISTINCT finding, line, offset FROM finding_item WHERE inode = ? ORDER BY finding"));
    if (!options.path.empty()) maker.m_path.emplace(options.path);
    maker.m_contains = options.contains;
    std::transform(maker.m_contains.begin(), maker.m_contains.end(), maker.m_contains.begin(), lower);
    return maker;
}

base::Result<base::Next> LineMaker::make(const TimelineRow& row, base::FunctionRef<base::Next(const TimelineLine&)> visit) { return row.is_file ? file(row, visit) : event(row, visit); }

base::Result<base::Next> LineMaker::file(const TimelineRow& row, base::FunctionRef<base::Next(const TimelineLine&)> visit) {
    TRY_ASSIGN(const auto* facts, m_names.of(row.inode));
    TimelineLine& line = m_line;
    line = {};
    line.time = row.time, line.recorded = row.recorded, line.type = k_file_type, line.source = "fs";
    for (std::size_t bit = 0; bit < k_file_times.size(); ++bit) {
        if ((row.what >> bit & 1) == 0) continue;
        if (!line.timestamp_desc.empty()) line.timestamp_desc += "; ";
        line.timestamp_desc += k_file_times[bit];
    }
    place(row.inode, line);
    line.inode = case_file::number_of(row.inode);
    line.attributes = fmt::format("{{\"size\": {}, \"mode\": \"{:04o}\", \"uid\": {}, \"gid\": {}}}", facts->size, facts->mode, facts->uid, facts->gid);
    if (m_has_items) TRY(findings(row, line));
    if (facts->names.empty()) {
        line.path.clear();
        line.ref = m_view.refs().of_inode(row.inode, facts->generation);
        line.message = fmt::format("inode {} without a name: {}", *line.inode, line.timestamp_desc);
        return wanted(line, "") ? visit(line) : base::Next::go_on;
    }
    for (const auto& name : facts->names) {
        line.path = name.path;
        line.ref = name.directory != 0 ? m_view.refs().of_name(row.inode, facts->generation, name.directory, name.name) : m_view.refs().of_inode(row.inode, facts->generation);
        line.path = m_redactor.name(name.path);
        line.message = line.path;
        if (!name.allocated) line.message += " (deleted)";
        if (wanted(line, name.path) && visit(line) == base::Next::stop) return base::Next::stop;
    }
    return base::Next::go_on;
}

base::Result<base::Next> LineMaker::event(const TimelineRow& row, base::FunctionRef<base::Next(const TimelineLine&)> visit) {
    const auto kind = m_kinds.find(row.kind);
    if (kind == m_kinds.end()) return base::Next::go_on;
    TimelineLine& line = m_line;
    line = {};
    line.time = row.time, line.recorded = row.recorded, line.type = kind->second.type, line.source = kind->second.source, line.timestamp_desc = kind->second.description;
    line.address = row.address, line.process = m_redactor.text(row.process);
    std::string record_path;
    line.offset = row.offset, line.line = row.line, line.precision = row.precision, line.assumptions = row.assumptions;
    if (row.inode != 0) {
        place(row.inode, line);
        TRY_ASSIGN(const auto* facts, m_names.of(row.inode));
        line.record_ref = m_view.refs().of_inode(row.inode, facts->generation);
        if (!facts->names.empty()) {
            const auto& name = facts->names.front();
            record_path = name.path, line.record_path = m_redactor.name(name.path);
            if (name.directory != 0) line.record_ref = m_view.refs().of_name(row.inode, facts->generation, name.directory, name.name);
        }
    }
    Arguments arguments;
    if (!row.arguments.empty()) {
        const auto json = nlohmann::json::parse(m_redactor.json(row.arguments), nullptr, false);
        if (json.is_object()) {
            line.attributes.clear();
            JsonWriter writer(line.attributes);
            write_value(writer, json);
            for (const auto& [key, value] : json.items())
                arguments.emplace_back(key, value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
        }
    }
    line.user = was_refused(line.type, arguments) ? m_redactor.refused_user(row.user) : m_redactor.text(row.user);
    arguments.emplace_back("user", line.user), arguments.emplace_back("address", row.address), arguments.emplace_back("process", line.process);
    const std::string& text = m_texts.find(kind->second.topic, "events." + line.type);
    line.message = m_redactor.filled(text.empty() ? untexted(line, arguments) : fill(text, arguments));
    if (m_has_items) TRY(findings(row, line));
    return wanted(line, record_path) ? visit(line) : base::Next::go_on;
}

void LineMaker::place(std::int64_t inode, TimelineLine& line) const {
    const auto tree = m_trees.find(case_file::tree_of(inode));
    if (tree == m_trees.end()) return;
    line.system = tree->second.first, line.volume = tree->second.second;
}

base::Result<void> LineMaker::findings(const TimelineRow& row, TimelineLine& line) {
    if (row.inode == 0) return {};
    m_items.reset();
    m_items.bind(1, row.inode);
    for (;;) {
        TRY_ASSIGN(const bool more, m_items.step());
        if (!more) return {};
        // Of a log, only the very record counts.
        if (!row.is_file) {
            const auto number = m_items.maybe_integer(1), offset = m_items.maybe_integer(2);
            if ((!number || number != row.line) && (!offset || offset != row.offset)) continue;
        }
        if (line.findings.empty() || line.findings.back() != m_items.text(0)) line.findings.emplace_back(m_items.text(0));
    }
}

bool LineMaker::wanted(const TimelineLine& line, std::string_view path) const {
    if (m_path && !m_path->matches(path)) return false;
    return m_contains.empty() || contains(line.message, m_contains) || contains(line.path, m_contains) || contains(line.attributes, m_contains) || contains(line.user, m_contains) ||
           contains(line.address, m_contains) || contains(line.process, m_contains);
}

}  // namespace deadbox::report
