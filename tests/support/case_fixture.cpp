#include "support/case_fixture.hpp"

#include <map>
#include <stdexcept>

#include "case/findings.hpp"
#include "case/schema.hpp"
#include "codec/digest.hpp"
#include "support/recording_sink.hpp"

namespace deadbox::test {
namespace {

template <class T>
T must(base::Result<T> result) {
    if (!result) throw std::runtime_error(result.error().what);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::string packed(const std::vector<std::pair<std::string, std::string>>& attributes) {
    std::string bytes;
    const auto put = [&](std::uint64_t value, int width) {
        for (int i = 0; i < width; ++i) bytes += static_cast<char>(value >> (8 * i));
    };
    for (const auto& [name, value] : attributes) {
        put(name.size(), 2);
        bytes += name;
        put(value.size(), 4);
        bytes += value;
    }
    return bytes;
}

codec::Digests digests_of(std::string_view bytes) {
    codec::Digester digester(1);
    digester.begin(0);
    const codec::Digester::Piece piece{0, base::as_bytes(bytes)};
    digester.update({&piece, 1});
    return digester.finish(0);
}

// Lets a parser write straight into the case.
class CaseSink final : public plugin::Sink {
public:
    CaseSink(case_file::Writer& writer, std::int64_t inode) : m_writer(writer), m_inode(inode) {}
    void event(const plugin::Event& event) override {
        nlohmann::json arguments = nlohmann::json::object();
        for (const auto& [name, value] : event.attributes) {
            if (const auto* i = std::get_if<std::int64_t>(&value)) arguments[std::string(name)] = *i;
            else if (const auto* d = std::get_if<double>(&value)) arguments[std::string(name)] = *d;
            else if (const auto* s = std::get_if<std::string_view>(&value)) arguments[std::string(name)] = std::string(*s);
        }
        must(m_writer.event(event, arguments.empty() ? "" : arguments.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), m_inode));
    }
    void row(const plugin::TableDef& table, std::span<const plugin::Value> values) override { must(m_writer.topic_row(table, 1, m_inode, values)); }
    void request(std::string_view, std::string_view, const plugin::Parameters&) override {}
    void gap(const base::Gap& gap) override { must(m_writer.coverage(gap, 1, "configure")); }
    void keep_text(base::ByteView text) override { must(m_writer.keep_text(m_inode, text)); }

private:
    case_file::Writer& m_writer;
    std::int64_t m_inode;
};

}  // namespace

CaseFixture::CaseFixture() {
    plugin::topics();
    m_database = std::make_unique<case_file::Database>(must(case_file::Database::open(path(), case_file::Access::write)));
    {
        auto transaction = must(case_file::Transaction::begin(*m_database));
        must(case_file::prepare_schema(*m_database));
        must(case_file::prepare_topics(*m_database));
        must(transaction.commit());
    }
    sql("INSERT INTO run(version, command, options, started, finished, jobs) VALUES('0', '[]', '{}', '2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z', 1)");  // what is not there was looked for
    sql("INSERT INTO evidence(id, argument, format, media_size, identity) VALUES(1, 'disk.raw', 'raw', 1073741824, '00112233445566778899aabbccddeeff')");
    sql("INSERT INTO volume VALUES(1, 1, '1.1', 'gpt', '', '', 1048576, 1072693248, 'ext4', '', '11111111-2222-3333-4444-555555555555', 1, 'empty', 1, '/')");
    sql("INSERT INTO tree VALUES(0, 1, 0, NULL, 1, '/', 2)");
    sql("INSERT INTO system VALUES(1, 0)");
    m_writer = std::make_unique<case_file::Writer>(*m_database);
    must(m_writer->begin_batch("fixture", "root"));
    case_file::InodeRow root;
    root.id = case_file::inode_row(0, 2), root.parent = 0, root.type = 2, root.mode = 0755, root.links = 2;
    must(m_writer->inode(root));
    must(m_writer->directory(root.id, 0, "/", 0, true));
    must(m_writer->finish_batch());
}

CaseFixture::~CaseFixture() = default;

std::string CaseFixture::path() const { return m_folder.filePath("fixture.deadbox").toStdString(); }

void CaseFixture::sql(const std::string& statement) { must(m_database->execute(statement)); }

std::int64_t CaseFixture::folder(const std::string& path) {
    auto query = must(m_database->prepare("SELECT id FROM directory WHERE path = ?"));
    query.bind(1, path.empty() ? std::string_view("/") : std::string_view(path));
    if (must(query.step())) return query.integer(0);
    query.reset();
    FileSpec spec;
    spec.path = path, spec.type = 2, spec.mode = 0755;
    return add(spec);
}

std::int64_t CaseFixture::add(const FileSpec& spec) {
    const auto slash = spec.path.rfind('/');
    const auto parent = folder(spec.path.substr(0, slash));
    must(m_writer->begin_batch("fixture", std::to_string(++m_units)));
    case_file::InodeRow row;
    row.id = spec.same_inode != 0 ? spec.same_inode : case_file::inode_row(0, m_next_inode++);
    row.parent = parent, row.type = spec.type, row.mode = spec.mode, row.uid = spec.uid, row.gid = spec.gid, row.links = 1;
    row.size = spec.size != 0 ? spec.size : spec.bytes.size();
    row.first_byte = row.size > 0 ? 4096 * case_file::inode_number(row.id) : 0;
    row.allocated = spec.allocated;
    row.modified = base::Timestamp{spec.modified, spec.modified_ns};
    row.accessed = row.changed = base::Timestamp{spec.changed, spec.changed_ns};
    row.born = base::Timestamp{spec.born, spec.born_ns};
    row.target = spec.target;
    const auto attributes = packed(spec.attributes);
    row.attributes = base::as_bytes(attributes);
    const bool added = must(m_writer->inode(row));
    if (added) must(m_writer->file_times(row.id, row.id));
    must(m_writer->name(parent, row.id, spec.path.substr(slash + 1), spec.allocated));
    if (spec.type == 2) must(m_writer->directory(row.id, 0, spec.path, 1, spec.allocated));
    if (spec.type == 1 && added) {
        const auto digests = digests_of(spec.bytes);
        must(m_writer->content(row.id, case_file::ContentState::live, spec.content_type, spec.digests ? &digests : nullptr));
    }
    must(m_writer->finish_batch());
    return row.id;
}

void CaseFixture::parse(std::string_view parser, const FileSpec& spec, std::int64_t inode, const plugin::Parameters& parameters) {
    const auto* code = plugin::find_parser(parser);
    if (code == nullptr) throw std::runtime_error("no parser " + std::string(parser));
    MemoryFile file(spec.path, spec.bytes);
    file.record().uid = spec.uid, file.record().gid = spec.gid, file.record().mode = spec.mode;
    file.record().modified = base::Timestamp{spec.modified, spec.modified_ns};
    file.record().changed = base::Timestamp{spec.changed, spec.changed_ns};
    file.record().born = base::Timestamp{spec.born, spec.born_ns};
    file.record().content_type = spec.content_type;
    for (const auto& [suffix, bytes] : spec.companions) file.add_companion(suffix, bytes);
    must(m_writer->begin_batch("fixture", std::to_string(++m_units)));
    CaseSink sink(*m_writer, inode);
    must(code->parse(file, parameters, sink));
    must(m_writer->finish_batch());
}

std::int64_t CaseFixture::add_parsed(std::string_view parser, const FileSpec& spec) {
    const auto inode = add(spec);
    parse(parser, spec, inode);
    return inode;
}

void CaseFixture::event(std::string_view type, std::int64_t seconds, std::string_view user, std::string_view address, std::string_view arguments) {
    plugin::Event event;
    event.kind = plugin::find_event(type);
    if (event.kind == nullptr) throw std::runtime_error("no event " + std::string(type));
    event.time = {seconds, 0}, event.user = user, event.address = address;
    must(m_writer->begin_batch("fixture", std::to_string(++m_units)));
    must(m_writer->event(event, arguments, std::nullopt));
    must(m_writer->finish_batch());
}

void CaseFixture::row(std::string_view table, std::vector<plugin::Value> values, std::optional<std::int64_t> inode) {
    const auto* definition = plugin::find_table(table);
    if (definition == nullptr) throw std::runtime_error("no table " + std::string(table));
    must(m_writer->begin_batch("fixture", std::to_string(++m_units)));
    must(m_writer->topic_row(*definition, 1, inode, values));
    must(m_writer->finish_batch());
}

std::vector<FoundFinding> CaseFixture::detect(std::string_view detector) {
    for (const auto* topic : plugin::topics()) {
        for (const auto& definition : topic->detectors) {
            if (definition.id != detector) continue;
            auto transaction = must(case_file::Transaction::begin(*m_database));
            const auto* code = plugin::find_detector(detector);
            must(code->prepare(std::string(DEADBOX_SOURCE_DIR) + "/resources/" + std::string(topic->id)));
            auto said = must(case_file::DetectorResult::ask(*m_database, definition, *code, topic->id, case_file::Standing::final));
            must(said.store(*m_database));
            must(transaction.commit());
            std::vector<FoundFinding> found;
            auto heads = must(m_database->prepare("SELECT id, rule, subject, severity, confidence, item_count, first_s, arguments FROM finding WHERE detector = ? ORDER BY rule, subject"));
            heads.bind(1, std::string(topic->id) + "." + std::string(detector));
            while (must(heads.step())) {
                FoundFinding finding;
                finding.id = heads.text(0), finding.rule = heads.text(1), finding.subject = heads.text(2);
                finding.severity = static_cast<int>(heads.integer(3)), finding.confidence = static_cast<int>(heads.integer(4));
                finding.item_count = heads.integer(5), finding.first_s = heads.maybe_integer(6);
                finding.arguments = nlohmann::json::parse(heads.text(7));
                auto items = must(m_database->prepare("SELECT p.path, i.key, i.excerpt, i.line, i.reference FROM finding_item i LEFT JOIN inode_path p ON p.inode = i.inode WHERE i.finding = ? ORDER BY i.place"));
                items.bind(1, finding.id);
                while (must(items.step()))
                    finding.items.push_back({std::string(items.text(0)), std::string(items.text(1)), std::string(items.text(2)), items.maybe_integer(3),
                                             items.is_null(4) ? nlohmann::json() : nlohmann::json::parse(items.text(4))});
                found.push_back(std::move(finding));
            }
            return found;
        }
    }
    throw std::runtime_error("no detector " + std::string(detector));
}

}  // namespace deadbox::test
