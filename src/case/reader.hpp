// What a detector may see of a case: the tables that it names, read-only.
#pragma once

#include <set>
#include <string>

#include "case/database.hpp"
#include "plugin/topic.hpp"

namespace deadbox::case_file {

class DetectorReader final : public plugin::CaseReader {
public:
    // `reads`: tables and views; a view's own tables are open through it. Uses `database` while it lives.
    DetectorReader(const Database& database, std::span<const std::string_view> reads);
    ~DetectorReader() override;
    DetectorReader(const DetectorReader&) = delete;
    using CaseReader::query;
    base::Result<void> query(std::string_view sql, std::span<const plugin::Value> parameters,
                             base::FunctionRef<base::Next(const plugin::RowView&)> visit) const override;
    base::Result<std::string> kept_text(std::int64_t inode) const override;

private:
    static int authorize(void* self, int action, const char* first, const char* second, const char* database, const char* inner);
    const Database& m_database;
    std::set<std::string, std::less<>> m_reads;
    mutable bool m_internal = false;
};

}  // namespace deadbox::case_file
