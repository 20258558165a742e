// What the detectors over account files share: the list of accounts that systems come with, loaded once, and the books of
// all systems, read from the case.
#pragma once

#include "accounts/account_book.hpp"

namespace deadbox::plugins::accounts {

class BookDetector : public plugin::Detector {
public:
    base::Result<void> prepare(const std::string& resources) const final;
    base::Result<void> detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const final;

protected:
    // All books, ordered by system.
    virtual base::Result<void> judge(const plugin::CaseReader& reader, const std::vector<AccountBook>& books, plugin::FindingSink& sink) const = 0;
    const KnownAccounts& known() const { return m_known; }

private:
    mutable KnownAccounts m_known;
};

// A finding of this topic about an account, which is its subject and its argument "user".
plugin::FindingHead head_of(const AccountBook& book, std::string_view rule, std::string_view user);

}  // namespace deadbox::plugins::accounts
