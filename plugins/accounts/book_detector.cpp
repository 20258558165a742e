#include "accounts/book_detector.hpp"

namespace deadbox::plugins::accounts {

base::Result<void> BookDetector::prepare(const std::string& resources) const {
    TRY_ASSIGN(m_known, KnownAccounts::load(resources + "/system_accounts.txt"));
    return {};
}

base::Result<void> BookDetector::detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const {
    TRY_ASSIGN(const auto books, read_books(reader));
    return judge(reader, books, sink);
}

plugin::FindingHead head_of(const AccountBook& book, std::string_view rule, std::string_view user) {
    plugin::FindingHead head;
    head.rule = "accounts/" + std::string(rule);
    if (book.system != 0) head.system = book.system;
    head.subject = user;
    head.arguments.emplace_back("user", user);
    return head;
}

}  // namespace deadbox::plugins::accounts
