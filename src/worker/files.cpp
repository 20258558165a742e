#include "worker/files.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "base/encoding.hpp"
#include "base/paths.hpp"
#include "codec/decompress.hpp"
#include "content/file_type.hpp"

namespace deadbox::worker {
namespace {

constexpr std::uint64_t k_most_records = 20'000'000;      // events and rows of one parser on one file
constexpr std::size_t k_largest_text = 256 * 1024;
constexpr int k_live = 0, k_partial = 2;                  // states of a content, as the case has them

class PlainStream final : public plugin::Stream {
public:
    explicit PlainStream(std::unique_ptr<codec::DecompressingStream> stream) : m_stream(std::move(stream)) {}
    base::Result<std::size_t> read(base::Bytes out) override { return m_stream->read(out); }

private:
    std::unique_ptr<codec::DecompressingStream> m_stream;
};

// A file that was read already.
class KeptBytes final : public base::ByteSource {
public:
    explicit KeptBytes(base::ByteView bytes) : m_bytes(bytes) {}
    std::uint64_t size() const override { return m_bytes.size(); }
    base::Result<std::size_t> read_at(std::uint64_t offset, base::Bytes out) const override {
        if (offset >= m_bytes.size()) return std::size_t{0};
        const auto count = std::min<std::size_t>(out.size(), m_bytes.size() - static_cast<std::size_t>(offset));
        std::copy_n(m_bytes.begin() + static_cast<std::ptrdiff_t>(offset), count, out.begin());
        return count;
    }
    base::Result<base::Extent> extent_at(std::uint64_t offset) const override {
        if (offset >= m_bytes.size()) return base::fail(base::Errc::not_found, "no extent past the end", offset);
        return base::Extent{base::Extent::Kind::data, 0, 0, m_bytes.size(), 0};
    }

private:
    base::ByteView m_bytes;
};

class EvidenceFile final : public plugin::File {
public:
    using Companions = std::function<std::unique_ptr<EvidenceFile>(const std::string& path)>;
    EvidenceFile(plugin::FileRecord record, base::ByteView head, const base::ByteSource& source, Companions companions)
        : m_record(std::move(record)), m_head(head), m_source(source), m_companions(std::move(companions)) {}

    const plugin::FileRecord& record() const override { return m_record; }
    base::ByteView head() const override { return m_head; }
    const base::ByteSource& bytes() const override { return m_source; }
    base::Result<std::unique_ptr<plugin::Stream>> text() const override {
        return std::unique_ptr<plugin::Stream>(std::make_unique<PlainStream>(codec::decompress(m_source)));
    }
    const plugin::File* companion(std::string_view suffix) const override {
        const auto path = plugin::companion_path(m_record.path, suffix);
        if (!path || !m_companions) return nullptr;
        auto& known = m_opened[*path];
        if (!known) known = m_companions(*path);
        return known.get();
    }
    void own(std::unique_ptr<base::ByteSource> source, std::vector<std::byte> head) {
        m_owned_source = std::move(source), m_owned_head = std::move(head);
        m_head = m_owned_head;
    }

private:
    plugin::FileRecord m_record;
    base::ByteView m_head;
    const base::ByteSource& m_source;
    Companions m_companions;
    mutable std::map<std::string, std::unique_ptr<EvidenceFile>> m_opened;
    std::unique_ptr<base::ByteSource> m_owned_source;
    std::vector<std::byte> m_owned_head;
};

plugin::FileRecord record_of(const image::Inode& inode, std::string path) {
    plugin::FileRecord record;
    record.path = std::move(path);
    record.size = inode.size, record.mode = inode.mode, record.uid = inode.uid, record.gid = inode.gid;
    record.modified = inode.modified, record.accessed = inode.accessed, record.changed = inode.changed, record.born = inode.born;
    return record;
}

void append_json(std::string& out, std::string_view text) {
    const auto valid = base::to_utf8(text);
    out += '"';
    for (const char c : valid) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') out += '\\', out += c;
        else if (byte >= 0x20) out += c;
        else if (const auto at = std::string_view("\b\f\n\r\t").find(c); at != std::string_view::npos) out += '\\', out += "bfnrt"[at];
        else out += byte < 0x10 ? "\\u000" : "\\u001", out += "0123456789abcdef"[byte & 15];
    }
    out += '"';
}

// A JSON object, names in order; of two equal names the later one stands. "" where there are none. Millions of log lines
// come through here.
void put_arguments(std::string& out, const std::vector<std::pair<std::string_view, plugin::Value>>& attributes, std::vector<std::size_t>& order) {
    out.clear();
    if (attributes.empty()) return;
    order.clear();
    for (std::size_t i = 0; i < attributes.size(); ++i) order.push_back(i);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return std::tie(attributes[a].first, a) < std::tie(attributes[b].first, b); });
    for (std::size_t i = 0; i < order.size(); ++i) {
        const auto& [name, value] = attributes[order[i]];
        if (i + 1 < order.size() && attributes[order[i + 1]].first == name) continue;
        out += out.empty() ? '{' : ',';
        append_json(out, name);
        out += ':';
        if (const auto* integer = std::get_if<std::int64_t>(&value)) out += std::to_string(*integer);
        else if (const auto* real = std::get_if<double>(&value)) out += nlohmann::json(*real).dump();
        else if (const auto* text = std::get_if<std::string_view>(&value)) append_json(out, *text);
        else if (const auto* bytes = std::get_if<base::ByteView>(&value)) append_json(out, base::to_hex(*bytes));
        else out += "null";
    }
    out += '}';
}

// Sends what a parser emits.
class WireSink final : public plugin::Sink {
public:
    WireSink(Outbox& outbox, ipc::Slot& slot, std::int64_t row, const std::string& path, std::string_view parser)
        : m_outbox(outbox), m_slot(slot), m_row(row), m_path(path), m_parser(parser) {}

    void event(const plugin::Event& event) override {
        if (over_budget()) return;
        put_arguments(m_arguments, event.attributes, m_order);
        m_outbox.send(reply(ipc::Reply::event).put(m_row).put(event.kind->index).put_time(event.time).put(static_cast<int>(event.precision))
                          .put(event.assumptions).put(event.user).put(event.address).put(event.process).put(m_arguments).put(event.offset).put(event.line));
    }
    void row(const plugin::TableDef& table, std::span<const plugin::Value> values) override {
        if (over_budget()) return;
        auto message = reply(ipc::Reply::row);
        message.put(m_row).put(table.index);
        for (const auto& value : values) message.put_value(value);
        m_outbox.send(message);
    }
    void request(std::string_view parser, std::string_view glob, const plugin::Parameters& parameters) override {
        if (over_budget()) return;
        auto message = reply(ipc::Reply::request);
        message.put(m_row).put(parser).put(glob).put(parameters.size());
        for (const auto& [name, value] : parameters) message.put(name).put(value);
        m_outbox.send(message);
    }
    void gap(const base::Gap& gap) override {
        m_outbox.send(reply(ipc::Reply::gap).put(m_row).put(static_cast<int>(gap.level)).put(gap.area).put(gap.reason)
                          .put(gap.path.empty() ? m_path : gap.path).put(gap.detail));
    }
    void keep_text(base::ByteView text) override {
        if (text.size() <= k_largest_text) m_outbox.send(reply(ipc::Reply::kept).put(m_row).put(text));
    }
    bool limited() const { return m_records > k_most_records; }

private:
    bool over_budget() {
        if ((++m_records & 255) == 0) m_slot.progress.fetch_add(1, std::memory_order_relaxed);
        if (m_records == k_most_records + 1)
            gap({base::Gap::Level::limit, std::string(m_parser), "a file gives more records than are kept", m_path, std::to_string(k_most_records)});
        return m_records > k_most_records;
    }
    Outbox& m_outbox;
    ipc::Slot& m_slot;
    std::int64_t m_row;
    const std::string& m_path;
    std::string_view m_parser;
    std::uint64_t m_records = 0;
    std::string m_arguments;           // kept from event to event, with the order of its names
    std::vector<std::size_t> m_order;
};

std::vector<base::Glob> compile(std::span<const std::string_view> patterns) {
    std::vector<base::Glob> globs;
    for (const auto pattern : patterns) globs.emplace_back(pattern);
    return globs;
}

bool any_matches(const std::vector<base::Glob>& globs, std::string_view text) {
    return globs.empty() || std::any_of(globs.begin(), globs.end(), [&](const base::Glob& glob) { return glob.matches(text); });
}

void send_gap(Outbox& outbox, std::int64_t row, base::Gap::Level level, std::string_view area, std::string_view reason, const std::string& path, std::string_view detail) {
    outbox.send(reply(ipc::Reply::gap).put(row).put(static_cast<int>(level)).put(area).put(reason).put(path).put(detail));
}

// Why nothing of it can be read; nothing where something can.
std::optional<base::Error> unreadable(const TakenFile& taken) {
    if (taken.error && (!taken.content || taken.filled == 0)) return taken.error;
    if (taken.content && taken.content->lost() > 0 && taken.content->lost() >= taken.content->size()) return taken.content->error();
    return std::nullopt;
}

}  // namespace

base::Result<std::unique_ptr<FileReader>> FileReader::make(const std::string& resources) {
    std::unique_ptr<FileReader> reader(new FileReader);
    for (const auto* topic : plugin::topics()) {
        for (const auto& definition : topic->parsers) {
            const auto* parser = plugin::find_parser(definition.id);
            if (parser == nullptr) return base::fail(base::Errc::internal, "parser " + std::string(definition.id) + " is declared and not built");
            TRY(parser->prepare(resources + "/" + std::string(topic->id)));
            reader->m_parsers.push_back({&definition, parser, parser->rule_taker(), compile(definition.paths), compile(definition.content_types)});
        }
    }
    return reader;
}

void FileReader::add_rules(const plugin::RuleText& rules) {
    for (const auto& prepared : m_parsers)
        if (prepared.rules != nullptr) prepared.rules->add(rules);
    m_rules = true;
}

base::Result<std::size_t> FileReader::check_rules(const plugin::RuleText& rules) {
    for (const auto& prepared : m_parsers)
        if (prepared.rules != nullptr) return prepared.rules->check(rules);
    return base::fail(base::Errc::unsupported, "no parser of this build runs rules");
}

void FileReader::read(const std::vector<FileTask>& tasks, const Intake::Trees& trees, const Intake::Zeros& zeros, plugin::Wave wave, const Skips& skips, Outbox& outbox,
                      ipc::Slot& slot) {
    m_intake.begin(tasks, trees, zeros, skips, slot);
    while (auto file = m_intake.next()) parse(std::move(*file), wave, skips, outbox, slot);
    slot.step.store(ipc::k_step_none, std::memory_order_relaxed);
}

void FileReader::parse(TakenFile taken, plugin::Wave wave, const Skips& skips, Outbox& outbox, ipc::Slot& slot) {
    const auto& task = *taken.task;
    const auto& filesystem = *taken.filesystem;
    const auto& inode = taken.inode;
    const auto row = task.row();
    slot.inode.store(row, std::memory_order_relaxed);
    if (const auto error = unreadable(taken)) {
        send_gap(outbox, row, base::Gap::Level::gap, filesystem.name(), "a file's content could not be read", task.path(), error->what);
        if (wave == plugin::Wave::content)
            outbox.send(reply(ipc::Reply::content).put(row).put(k_partial).put("").put_null().put_null().put_null());
        return;
    }
    // What can be read of it is parsed: who wants a log to be forgotten would only have to spoil a block of it.
    if (taken.error) send_gap(outbox, row, base::Gap::Level::gap, filesystem.name(), "a file's content could not be read to its end", task.path(), taken.error->what);
    if (wave == plugin::Wave::configure && skips.contains({row, ipc::k_step_hash})) return;
    if (taken.too_many_holes)
        send_gap(outbox, row, base::Gap::Level::limit, "digests", "a file with more than 8 GiB of holes was not hashed", task.path(), std::to_string(inode.hole_bytes) + " bytes of holes");
    const auto& digests = taken.digests;
    const base::ByteView bytes(taken.memory.get(), taken.filled);
    const auto head = bytes.first(std::min(bytes.size(), Intake::k_head));
    slot.step.store(ipc::k_step_type, std::memory_order_relaxed);
    std::string_view type;
    if (!skips.contains({row, ipc::k_step_type})) type = content::detect_type(head, inode.size);
    if (wave == plugin::Wave::content) {
        auto message = reply(ipc::Reply::content);
        message.put(row).put(taken.zeros || taken.error ? k_partial : k_live).put(type);
        if (digests) message.put(base::ByteView(digests->md5)).put(base::ByteView(digests->sha1)).put(base::ByteView(digests->sha256));
        else message.put_null().put_null().put_null();
        outbox.send(message);
    }
    const KeptBytes whole(bytes);
    const base::ByteSource& source = taken.whole && !taken.error ? static_cast<const base::ByteSource&>(whole) : *taken.content;

    const plugin::ParserDef* asking = nullptr;  // the parser whose turn it is
    // What it reads whole has a bound, the file itself as well as those beside it: a size is what a few bytes of an inode claim.
    const auto beyond_its_bound = [&](const image::Inode& of, const std::string& path) {
        if (asking->largest > 0 && of.size > asking->largest) {
            send_gap(outbox, row, base::Gap::Level::limit, asking->id, "a file is larger than its parser reads", path, std::to_string(of.size) + " bytes");
            return true;
        }
        // Without a bound of its own: only parsers that have one pass over holes.
        if (asking->largest != 0 || of.hole_bytes <= k_most_holes) return false;
        send_gap(outbox, row, base::Gap::Level::limit, asking->id, "a file with more than 8 GiB of holes was not parsed", path, std::to_string(of.hole_bytes) + " bytes of holes");
        return true;
    };
    const auto open_companion = [&](std::uint64_t folder, const std::string& path) -> std::unique_ptr<EvidenceFile> {
        const auto name = base::name_of(path);
        std::optional<std::uint64_t> number;
        (void)filesystem.entries({folder, 0}, [&](const image::Entry& entry) {
            if (!entry.allocated || entry.name != name) return base::Next::go_on;
            number = entry.inode;
            return base::Next::stop;
        });
        image::Inode other;
        if (!number || !filesystem.inode({*number, 0}, other) || other.type != image::FileType::file || beyond_its_bound(other, path)) return nullptr;
        auto opened = filesystem.content({*number, 0});
        if (!opened) return nullptr;
        auto other_content = std::make_unique<FilledContent>(std::move(*opened));
        std::vector<std::byte> other_head(static_cast<std::size_t>(std::min<std::uint64_t>(Intake::k_head, other_content->size())));
        if (!base::read_exactly(*other_content, 0, other_head)) return nullptr;
        auto& reference = *other_content;
        auto file = std::make_unique<EvidenceFile>(record_of(other, path), base::ByteView{}, reference, EvidenceFile::Companions{});
        file->own(std::move(other_content), std::move(other_head));
        return file;
    };
    std::map<const FileTask::Name*, EvidenceFile> known;  // by the names that parsers ask for
    const auto known_as = [&](const FileTask::Name& name) -> const EvidenceFile& {
        const auto found = known.find(&name);
        if (found != known.end()) return found->second;
        auto record = record_of(inode, name.path);
        record.content_type = type;
        if (digests) record.sha256 = base::ByteView(digests->sha256);
        const auto companion = [&open_companion, folder = name.folder](const std::string& path) { return open_companion(folder, path); };
        return known.try_emplace(&name, std::move(record), head, source, companion).first->second;
    };

    bool artifact_done = false;
    for (const auto& prepared : m_parsers) {
        const auto& definition = *prepared.definition;
        if (definition.wave != wave || (prepared.rules != nullptr && !m_rules)) continue;
        const FileTask::Request* request = nullptr;
        const auto asks = [&](const FileTask::Name& name) {
            const auto found = std::find_if(name.requests.begin(), name.requests.end(), [&](const auto& r) { return r.parser == definition.id; });
            request = found == name.requests.end() ? nullptr : &*found;
            return request != nullptr || ((!definition.paths.empty() || !definition.content_types.empty()) && any_matches(prepared.paths, name.path) && any_matches(prepared.types, type));
        };
        const auto name = std::find_if(task.names.begin(), task.names.end(), asks);
        if (name == task.names.end()) continue;
        const bool artifact = definition.kind == plugin::ParserKind::artifact;
        if (artifact && artifact_done) continue;
        const std::uint32_t step = ipc::k_step_first_parser + definition.index;
        if (skips.contains({row, step})) continue;
        if (artifact) artifact_done = true;
        asking = &definition;
        if (beyond_its_bound(inode, name->path)) {
            outbox.send(reply(ipc::Reply::step).put(row).put(definition.id).put(4));
            continue;
        }
        slot.step.store(step, std::memory_order_relaxed);
        slot.progress.fetch_add(1, std::memory_order_relaxed);
        WireSink sink(outbox, slot, row, name->path, definition.id);
        plugin::Parameters parameters = request != nullptr ? request->parameters : plugin::Parameters{};
        for (const auto& general : name->requests)  // what holds for every parser; a request's own word goes first
            if (general.parser == "*") parameters.insert(parameters.end(), general.parameters.begin(), general.parameters.end());
        const auto done = prepared.parser->parse(known_as(*name), parameters, sink);
        if (!done) send_gap(outbox, row, artifact ? base::Gap::Level::gap : base::Gap::Level::note, definition.id, "a file could not be read to its end", name->path, done.error().what);
        if (artifact || !done) outbox.send(reply(ipc::Reply::step).put(row).put(definition.id).put(!done ? 1 : sink.limited() ? 4 : 0));
    }
    // Behind the parsers, which read what was not taken in.
    if (const auto lost = taken.content ? taken.content->lost() : 0; lost > 0)
        send_gap(outbox, row, base::Gap::Level::gap, filesystem.name(), "part of a file's content could not be read and counts as zeros", task.path(),
                 std::to_string(lost) + " bytes: " + taken.content->error()->what);
}

}  // namespace deadbox::worker
