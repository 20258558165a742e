// Long answers of webshells. The page of a shell, a listing, what a command prints are some kB; a file, an archive or a dump that
// it gives out is more. The access log has the bytes that were sent.
#include <algorithm>
#include <map>

#include "exfiltration/detector.hpp"
#include "exfiltration/web_shells.hpp"

namespace deadbox::plugins::exfiltration {
namespace {

using base::Next;
using plugin::RowView;

constexpr std::int64_t k_long = 1 << 20;
constexpr std::int64_t k_far_above = 8;  // times the page's other answers

// Bytes of the other answers in this log, to whomever, on average.
std::int64_t usual(const ShellUse& use) { return use.others > 0 ? use.others_bytes / use.others : 0; }

// When the longest answer was given, where its line is an event.
base::Result<std::optional<std::int64_t>> time_of(const plugin::CaseReader& reader, const ShellUse& use) {
    std::optional<std::int64_t> time;
    const plugin::Value parameters[] = {use.first, use.last, use.log, use.line};
    TRY(reader.query("SELECT s FROM event WHERE s BETWEEN ?1 AND ?2 AND inode = ?3 AND line = ?4 LIMIT 1", parameters, [&](const RowView& row) {
        time = row.integer(0);
        return Next::stop;
    }));
    return time;
}

}  // namespace

base::Result<void> find_shell_answers(const plugin::CaseReader& reader, plugin::FindingSink& sink) {
    TRY_ASSIGN(const auto uses, uses_of_shells(reader, sink));
    std::map<std::tuple<std::int64_t, std::string, std::string>, std::vector<const ShellUse*>> answers;  // by system, path and address
    for (const auto& use : uses)
        if (use.largest >= k_long && (!use.of_the_site || use.largest / k_far_above >= usual(use))) answers[{use.system, use.path, use.address}].push_back(&use);
    for (const auto& [key, all] : answers) {
        const auto& longest = **std::max_element(all.begin(), all.end(), [](const ShellUse* a, const ShellUse* b) { return a->largest < b->largest; });
        plugin::FindingHead head;
        head.rule = "exfiltration/webshell_answer";
        if (longest.system != 0) head.system = longest.system;
        head.subject = longest.path;
        if (longest.of_the_site && !longest.whole) head.confidence = plugin::Confidence::possible;
        std::int64_t count = 0, bytes = 0;
        for (const auto* use : all) count += use->answered, bytes += use->bytes;
        head.arguments = {{"path", longest.path}, {"address", longest.address}, {"size", size_in_words(longest.largest)}, {"rests_on", longest.finding}};
        if (count > 1) head.arguments.insert(head.arguments.end(), {{"count", std::to_string(count)}, {"total", size_in_words(bytes)}});
        if (longest.others > 0) head.arguments.emplace_back("usual", size_in_words(usual(longest)));
        TRY_ASSIGN(const auto time, time_of(reader, longest));
        head.first = base::Timestamp{time.value_or(longest.first), 0};
        head.last = base::Timestamp{time.value_or(longest.last), 0};
        head.basis = plugin::TimeBasis::log;
        sink.finding(head);
        for (const auto* use : all) {
            plugin::Item item;
            if (use->log != 0) item.inode = use->log;
            if (use->line > 0) item.line = static_cast<std::uint64_t>(use->line);
            item.key = use->address, item.kind = plugin::KeyKind::client;
            sink.item(item);
        }
    }
    return {};
}

}  // namespace deadbox::plugins::exfiltration
