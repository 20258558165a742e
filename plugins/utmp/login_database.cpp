// wtmp.db and lastlog2.db, which follow wtmp and lastlog where 2038 matters:
//   wtmp(ID, Type, User, Login, Logout, TTY, RemoteHost, Service)   times in microseconds; Type 1 a boot, 3 a session
//   Lastlog2(Name, Time, TTY, RemoteHost, Service)                  time in seconds
#include "content/sqlite_file.hpp"
#include "plugin/parser.hpp"
#include "utmp/utmp_topic.hpp"

namespace deadbox::plugins::utmp {
namespace {

using base::Next;
using content::SqliteRow;

constexpr std::int64_t k_boot = 1, k_session = 3;
constexpr std::int64_t k_second = 1'000'000, k_latest = 4102444800;  // 2100

std::optional<base::Timestamp> microseconds(const SqliteRow& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    const auto value = row.integer(column);
    if (value <= 0 || value / k_second >= k_latest) return std::nullopt;
    return base::Timestamp{value / k_second, static_cast<std::uint32_t>(value % k_second) * 1000};
}

void one_event(plugin::Sink& sink, const plugin::EventDef& kind, base::Timestamp time, plugin::Precision precision, const SqliteRow& row,
               std::string_view user, std::string_view terminal, std::string_view host, std::string_view service) {
    plugin::Event event;
    event.kind = &kind;
    event.time = time, event.precision = precision;
    event.offset = static_cast<std::uint64_t>(row.integer(0));  // the row's number: a database has no lines
    if (&kind == &event::login_boot() || &kind == &event::login_shutdown()) {
        if (!host.empty()) event.attributes.emplace_back("kernel", host);
    } else {
        event.user = user, event.address = host;
        if (!terminal.empty()) event.attributes.emplace_back("tty", terminal);
        if (!service.empty()) event.attributes.emplace_back("service", service);
    }
    sink.event(event);
}

base::Result<void> read_wtmp(const content::SqliteFile& database, plugin::Sink& sink) {
    UtmpFileRow file;
    std::int64_t records = 0, damaged = 0;
    std::optional<base::Timestamp> first, last;
    const auto end = database.query("SELECT rowid, Type, User, Login, Logout, TTY, RemoteHost, Service FROM wtmp ORDER BY rowid", [&](const SqliteRow& row) {
        ++records;
        const auto type = row.integer(1);
        const auto login = microseconds(row, 3), logout = microseconds(row, 4);
        if (!login || (type != k_boot && type != k_session)) {
            ++damaged;
            return Next::go_on;
        }
        if (!first) first = login;
        last = login;
        // Views of a column end with the next look at the row: each text is kept.
        const std::string user(row.text(2)), terminal(row.text(5)), host(row.text(6)), service(row.text(7));
        one_event(sink, type == k_boot ? event::login_boot() : event::login_session_start(), *login, plugin::Precision::microsecond, row, user, terminal, host, service);
        if (logout) one_event(sink, type == k_boot ? event::login_shutdown() : event::login_session_end(), *logout, plugin::Precision::microsecond, row, user, terminal, host, service);
        return Next::go_on;
    });
    file.layout = "sqlite", file.records = records, file.zeroed = 0, file.damaged = damaged, file.first_record = first, file.last_record = last;
    file.emit(sink);
    return end;
}

base::Result<void> read_lastlog(const content::SqliteFile& database, plugin::Sink& sink) {
    return database.query("SELECT rowid, Name, Time, TTY, RemoteHost, Service FROM Lastlog2 ORDER BY rowid", [&](const SqliteRow& row) {
        const auto time = row.integer(2);
        if (time <= 0 || time >= k_latest) return Next::go_on;
        const std::string user(row.text(1)), terminal(row.text(3)), host(row.text(4)), service(row.text(5));
        LastLoginRow login;
        login.login_user = user, login.login_time = base::Timestamp{time, 0}, login.login_terminal = terminal, login.login_host = host;
        login.emit(sink);
        one_event(sink, event::login_last(), {time, 0}, plugin::Precision::second, row, user, terminal, host, service);
        return Next::go_on;
    });
}

class LoginDatabaseParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        if (file.record().size == 0) return {};
        const auto* log = file.companion("-wal");
        const auto* journal = file.companion("-journal");
        TRY_ASSIGN(const auto database, content::SqliteFile::open({&file.bytes(), log != nullptr ? &log->bytes() : nullptr, journal != nullptr ? &journal->bytes() : nullptr}));
        if (database.has_table("wtmp")) return read_wtmp(database, sink);
        if (database.has_table("Lastlog2")) return read_lastlog(database, sink);
        sink.gap({base::Gap::Level::note, "utmp", "a login database without its table", file.record().path, {}});
        return {};
    }
};

}  // namespace

const plugin::Parser& login_database_parser() {
    static const LoginDatabaseParser parser;
    return parser;
}

}  // namespace deadbox::plugins::utmp
