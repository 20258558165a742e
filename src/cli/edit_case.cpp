#include "cli/edit_case.hpp"

#include "case/custody.hpp"
#include "case/seal.hpp"

namespace deadbox::cli {

base::Result<void> edit_case(const std::string& path, std::string_view action, const std::string& details, base::FunctionRef<base::Result<void>(const case_file::Database&)> write) {
    TRY_ASSIGN(const case_file::Database database, case_file::Database::open(path, case_file::Access::write));
    TRY_ASSIGN(case_file::Transaction transaction, case_file::Transaction::begin(database));
    TRY(write(database));
    TRY(case_file::append_custody(database, case_file::current_actor(), action, details));
    TRY(case_file::seal(database, case_file::SealOf::analyst));
    return transaction.commit();
}

base::Result<void> require_finding(const case_file::View& view, std::string_view id) {
    TRY_ASSIGN(case_file::Statement row, view.prepare("SELECT 1 FROM finding WHERE id = ?"));
    row.bind(1, id);
    TRY_ASSIGN(const bool found, row.step());
    if (!found) return base::fail(base::Errc::not_found, "this case has no finding " + std::string(id) + "; deadbox findings CASE lists them");
    return {};
}

}  // namespace deadbox::cli
