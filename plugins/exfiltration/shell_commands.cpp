// Commands to send data that were given through a webshell: they stand in the query of a request that was answered.
#include <map>
#include <tuple>

#include "exfiltration/command.hpp"
#include "exfiltration/detector.hpp"
#include "exfiltration/shell_requests.hpp"

namespace deadbox::plugins::exfiltration {
namespace {

constexpr std::size_t k_most_commands_told = 1'000, k_most_lines_of_commands = 100;

struct Given {
    const ShellRequest* request = nullptr;
    Transfer transfer;
};

std::string words_of(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) {
        if (text.size() > 200) return text + " ...";
        text += (text.empty() ? "" : " ") + word;
    }
    return text;
}

void tell(const std::vector<Given>& all, const std::vector<std::string>& drop_services, plugin::FindingSink& sink) {
    const auto& first = all.front();
    const auto& use = *first.request->use;
    plugin::FindingHead head;
    head.rule = "exfiltration/webshell_command";
    if (use.system != 0) head.system = use.system;
    head.subject = first.transfer.target;
    // What a page of the site is asked for may be words that somebody searches.
    if (use.of_the_site || !use.whole) head.severity = plugin::Severity::medium, head.confidence = plugin::Confidence::possible;
    else if (is_near(first.transfer.target)) head.severity = plugin::Severity::medium;
    head.arguments = {{"target", first.transfer.target}, {"path", use.path}, {"address", use.address}, {first.transfer.piped ? "output" : "what", words_of(first.transfer.what)}, {"program", first.transfer.program}, {"rests_on", use.finding}};
    if (all.size() > 1) head.arguments.emplace_back("count", std::to_string(all.size()));
    if (is_everybodys(drop_services, first.transfer.target)) head.arguments.emplace_back("everybodys", "yes");
    head.first = base::Timestamp{first.request->time, 0}, head.last = base::Timestamp{all.back().request->time, 0};
    head.basis = plugin::TimeBasis::log;
    sink.finding(head);
    for (std::size_t i = 0; i < all.size() && i < k_most_lines_of_commands; ++i) {
        const auto& request = *all[i].request;
        plugin::Item item;
        if (request.log != 0) item.inode = request.log;
        if (request.line > 0) item.line = static_cast<std::uint64_t>(request.line);
        item.key = request.use->address, item.kind = plugin::KeyKind::client;
        sink.item(item);
    }
}

}  // namespace

base::Result<void> find_shell_commands(const plugin::CaseReader& reader, const std::vector<std::string>& drop_services, plugin::FindingSink& sink) {
    TRY_ASSIGN(const auto uses, uses_of_shells(reader, sink));
    if (uses.empty()) return {};
    TRY_ASSIGN(const auto requests, requests_of_shells(reader, uses, sink));
    std::map<std::tuple<std::int64_t, std::string, std::string>, std::vector<Given>> by_target;  // by system, shell and target; in the order of time
    for (const auto& request : requests)
        for (const auto& [name, value] : request.parameters) {
            auto transfer = transfer_in(value);
            if (!transfer) continue;
            auto& all = by_target[{request.use->system, request.use->path, transfer->target}];
            all.push_back({&request, std::move(*transfer)});
            break;
        }
    std::size_t told = 0;
    for (const auto& [key, all] : by_target) {
        if (++told > k_most_commands_told) {
            sink.gap({base::Gap::Level::limit, "exfiltration", "more commands that sent something than are told", "", ""});
            break;
        }
        tell(all, drop_services, sink);
    }
    return {};
}

}  // namespace deadbox::plugins::exfiltration
