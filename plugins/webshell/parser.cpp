// The half that runs in the worker: looks at each file's head, and reads what is a script or carries one.
#include "plugin/parser.hpp"

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "codec/digest.hpp"
#include "plugin/secret_text.hpp"
#include "webshell/inspect.hpp"
#include "webshell/verdict.hpp"
#include "webshell/webshell_topic.hpp"

namespace deadbox::plugins::webshell {
namespace {

constexpr std::size_t k_largest_script = 4u << 20;   // the rest of a longer one is a limit
constexpr std::size_t k_largest_carrier = 8u << 20;  // pictures and archives are searched for PHP up to here

// The carriers worth a search: a picture's comment or what was put behind its end.
bool worth_search(base::ByteView head, std::uint64_t size) { return size <= k_largest_carrier && is_carrier(base::as_text(head)); }

std::string signs_text(const Features& features) {
    std::string out;
    for (std::size_t i = 0; i < k_signs; ++i) {
        const auto& place = features.signs[i];
        if (place.count == 0) continue;
        if (!out.empty()) out += ' ';
        out += name_of(static_cast<Sign>(i));
        if (place.count > 1) out += ":" + std::to_string(place.count);
    }
    return out;
}

// Copies of a script that had nothing to say: a server of many sites holds the same programs many times over. What is found
// depends on the bytes and on the file's own name alone, so a copy has nothing to say either.
class Silent {
public:
    using Key = codec::Sha256::Value;
    static Key key(const plugin::FileRecord& record, std::string_view text) {
        codec::Sha256 digest;
        digest.update(std::string_view(record.path).substr(record.path.rfind('/') + 1));
        digest.update(std::string_view("/"));
        digest.update(record.sha256.empty() ? text : base::as_text(record.sha256));
        return digest.finish();
    }
    bool holds(const Key& key) const { return m_keys.contains(key); }
    void add(const Key& key) {
        if (m_keys.size() >= k_most) m_keys.clear();
        m_keys.insert(key);
    }

private:
    static constexpr std::size_t k_most = 50'000;
    struct Hash {
        std::size_t operator()(const Key& key) const {
            std::size_t word = 0;
            std::memcpy(&word, key.data(), sizeof word);
            return word;
        }
    };
    std::unordered_set<Key, Hash> m_keys;
};

// What the readers kept of a place, with the edges of words and secrets whole: reports leave out what they know by its form.
std::string_view whole_excerpt(std::string_view excerpt, std::string_view text, std::size_t offset, std::string_view decoded) {
    constexpr std::size_t k_near = 1024;
    if (excerpt.empty()) return excerpt;
    const auto first = offset - std::min(offset, k_near);
    const auto near = text.substr(first, 3 * k_near);
    for (const auto source : {near, decoded}) {
        const auto at = source.find(excerpt);
        if (at == std::string_view::npos) continue;
        const bool in_text = source.data() == near.data();
        const auto piece = plugin::whole_secrets(in_text ? text : decoded, in_text ? first + at : at, excerpt.size());
        return (in_text ? text : decoded).substr(piece.start, piece.length);
    }
    return excerpt;
}

class ScriptParser final : public plugin::Parser {
public:
    base::Result<void> prepare(const std::string& resources) const override { return load_rules(resources); }

    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        const auto& record = file.record();
        const auto head = file.head();
        if (head.empty()) return {};
        if (is_server_settings(record.path)) {
            std::vector<std::string> names;
            note_run_names(base::as_text(head), true, names);
            emit_inclusions(names, sink);
        }
        auto language = language_of(record.path, base::as_text(head));
        std::vector<std::byte> owned;
        base::ByteView bytes = head;
        if (language == Language::none) {
            if (record.size <= head.size() || !worth_search(head, record.size)) return {};
            TRY_ASSIGN(owned, base::read_bytes(file.bytes(), 0, static_cast<std::size_t>(record.size)));
            bytes = owned;
            language = carried_language(base::as_text(bytes));
            if (language == Language::none) return {};
        } else if (record.size > head.size()) {
            const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(record.size, k_largest_script));
            TRY_ASSIGN(owned, base::read_bytes(file.bytes(), 0, length));
            bytes = owned;
            if (record.size > k_largest_script)
                sink.gap({base::Gap::Level::limit, "webshell", "only the first 4 MiB of a long script were examined", record.path, std::to_string(record.size) + " bytes"});
        }
        const auto text = base::as_text(bytes);
        const auto key = Silent::key(record, text);
        if (record.size <= k_largest_script && m_silent.holds(key)) return {};
        const auto inspection = inspect(text, record.path, language);
        const auto& features = inspection.features;
        if (!features.parsed_fully)
            sink.gap({base::Gap::Level::limit, "webshell", "a script was too involved to be followed to its end", record.path, {}});
        const auto verdict = judge(features);
        emit_inclusions(features.inclusions, sink);
        if (!verdict.notable) {
            if (features.parsed_fully && features.inclusions.empty()) m_silent.add(key);
            return {};
        }
        emit(features, verdict, text, inspection.decoded, sink);
        if (verdict.level >= plugin::Severity::medium) sink.keep_text(bytes);
        return {};
    }

private:
    static void emit_inclusions(const std::vector<std::string>& paths, plugin::Sink& sink) {
        for (const auto& path : paths) {
            InclusionRow row{};
            row.path = path;
            row.emit(sink);
        }
    }
    static void emit(const Features& features, const Verdict& verdict, std::string_view text, std::string_view decoded, plugin::Sink& sink) {
        const auto signs = signs_text(features);
        ScriptRow row{};
        row.language = name_of(features.language);
        row.rule = verdict.rule;
        row.interpreter = text.starts_with("#!") ? 1 : 0;
        row.kind = verdict.kind;
        row.level = static_cast<std::int64_t>(verdict.level);
        row.certainty = static_cast<std::int64_t>(verdict.confidence);
        row.score = verdict.score;
        row.signs = signs;
        if (features.layers > 0) row.layers = features.layers;
        if (!features.decoded.empty()) row.decoded = features.decoded.back();
        row.words = features.words;
        row.entropy = features.entropy;
        row.coincidence = features.coincidence;
        row.longest_line = features.longest_line;
        row.string_share = features.string_share;
        if (!features.rule.empty()) row.tool = features.rule;
        else if (!features.dual_use.empty()) row.tool = features.dual_use;
        if (verdict.strongest != Sign::last) {
            const auto& place = features[verdict.strongest];
            const auto offset = std::min<std::size_t>(place.offset, text.size());
            row.offset = static_cast<std::int64_t>(offset);
            if (!features.in_image) row.line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
            row.excerpt = whole_excerpt(place.excerpt, text, offset, decoded);
        }
        row.emit(sink);
    }

    mutable Silent m_silent;
};

}  // namespace

const plugin::Parser& webshell_parser() {
    static const ScriptParser parser;
    return parser;
}

}  // namespace deadbox::plugins::webshell
