#include "case/reader.hpp"

#include <zstd.h>

namespace deadbox::case_file {

DetectorReader::DetectorReader(const Database& database, std::span<const std::string_view> reads) : m_database(database) {
    for (const auto name : reads) m_reads.emplace(name);
    sqlite3_set_authorizer(m_database.handle(), &DetectorReader::authorize, this);
}

DetectorReader::~DetectorReader() { sqlite3_set_authorizer(m_database.handle(), nullptr, nullptr); }

int DetectorReader::authorize(void* self, int action, const char* first, const char* second, const char*, const char* inner) {
    const auto& reader = *static_cast<const DetectorReader*>(self);
    switch (action) {
        case SQLITE_SELECT:
        case SQLITE_FUNCTION:
        case SQLITE_RECURSIVE: return SQLITE_OK;
        case SQLITE_READ:
            if (reader.m_internal) return SQLITE_OK;
            // Inside a view that may be read, its tables may be read. A common table expression has no name here; a view's
            // table of which no column is used comes without a column and without the view.
            if (first == nullptr || *first == '\0' || second == nullptr || *second == '\0' || reader.m_reads.contains(first)) return SQLITE_OK;
            return inner != nullptr && reader.m_reads.contains(inner) ? SQLITE_OK : SQLITE_DENY;
        default: return SQLITE_DENY;
    }
}

base::Result<void> DetectorReader::query(std::string_view sql, std::span<const plugin::Value> parameters,
                                         base::FunctionRef<base::Next(const plugin::RowView&)> visit) const {
    TRY_ASSIGN(Statement statement, m_database.prepare(sql));
    int number = 0;
    for (const auto& value : parameters) statement.bind_value(++number, value);
    for (;;) {
        TRY_ASSIGN(const bool row, statement.step());
        if (!row || visit(statement) == base::Next::stop) return {};
    }
}

base::Result<std::string> DetectorReader::kept_text(std::int64_t inode) const {
    m_internal = true;
    auto statement = m_database.prepare("SELECT t.bytes, t.size FROM kept k JOIN text t ON t.sha256 = k.sha256 WHERE k.inode = ?");
    m_internal = false;
    if (!statement) return tl::unexpected(statement.error());
    statement->bind(1, inode);
    TRY_ASSIGN(const bool found, statement->step());
    if (!found) return std::string();
    std::string text(static_cast<std::size_t>(statement->integer(1)), '\0');
    const auto packed = statement->blob(0);
    const std::size_t size = ZSTD_decompress(text.data(), text.size(), packed.data(), packed.size());
    if (ZSTD_isError(size) != 0) return base::fail(base::Errc::corrupt, "a kept text of the case is damaged");
    text.resize(size);
    return text;
}

}  // namespace deadbox::case_file
