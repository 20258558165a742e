// How fast system logs are read and judged: makes a log of LINES lines (a million unless said) in both forms, parses it,
// and runs the detectors over a case that holds its events.
//   logs_bench [LINES]
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/timestamp.hpp"
#include "plugin/parser.hpp"
#include "support/case_fixture.hpp"
#include "support/memory_file.hpp"

using namespace deadbox;

namespace {

class CountingSink final : public plugin::Sink {
public:
    void event(const plugin::Event&) override { ++events; }
    void row(const plugin::TableDef&, std::span<const plugin::Value>) override {}
    void request(std::string_view, std::string_view, const plugin::Parameters&) override {}
    void gap(const base::Gap&) override {}
    void keep_text(base::ByteView) override {}
    std::size_t events = 0;
};

constexpr const char* k_months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string make_log(int lines, bool iso) {
    std::string log;
    const std::int64_t start = base::from_rfc3339("2025-03-01T00:00:00Z")->seconds;
    char buffer[256];
    for (int i = 0; i < lines; ++i) {
        const auto seconds = start + std::int64_t{i} * 30'000'000 / lines;
        const auto c = base::civil_from_seconds(seconds);
        if (iso) std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02dT%02d:%02d:%02d.%06d+00:00 web1 ", static_cast<int>(c.year), c.month, c.day, c.hour, c.minute, c.second, i % 1000000);
        else std::snprintf(buffer, sizeof buffer, "%s %2d %02d:%02d:%02d web1 ", k_months[c.month - 1], c.day, c.hour, c.minute, c.second);
        log += buffer;
        const int address = i / 50 % 250;
        switch (i % 8) {
            case 0: std::snprintf(buffer, sizeof buffer, "sshd[%d]: Failed password for root from 203.0.113.%d port %d ssh2\n", i % 30000, address, 1024 + i % 60000); break;
            case 1: std::snprintf(buffer, sizeof buffer, "sshd[%d]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.%d  user=root\n", i % 30000, address); break;
            case 2: std::snprintf(buffer, sizeof buffer, "sshd[%d]: Connection closed by authenticating user root 203.0.113.%d port %d [preauth]\n", i % 30000, address, 1024 + i % 60000); break;
            case 3: std::snprintf(buffer, sizeof buffer, "CRON[%d]: (root) CMD (cd / && run-parts --report /etc/cron.hourly)\n", i % 30000); break;
            case 4: std::snprintf(buffer, sizeof buffer, "CRON[%d]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)\n", i % 30000); break;
            case 5: std::snprintf(buffer, sizeof buffer, "systemd[1]: Started sysstat-collect.service - system activity accounting tool.\n"); break;
            case 6: std::snprintf(buffer, sizeof buffer, "kernel: [%d.%06d] usb 1-1: device descriptor read/64, error -71\n", i / 100, i % 1000000); break;
            default: std::snprintf(buffer, sizeof buffer, "%s\n", i % 8000 == 7 ? "sshd[5]: Accepted password for bob from 203.0.113.9 port 4 ssh2" : "named[77]: client @0x7f 198.51.100.3#53 (example.org): query: example.org IN A"); break;
        }
        log += buffer;
    }
    return log;
}

template <class Work>
double seconds_of(const Work& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

int main(int argc, char** argv) {
    const int lines = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
    plugin::topics();
    const auto* parser = plugin::find_parser("syslog");
    if (!parser->prepare("")) return 1;
    std::printf("%-28s %12s %8s %12s\n", "", "lines", "s", "lines/s");
    for (const bool iso : {false, true}) {
        test::MemoryFile file("/var/log/syslog", make_log(lines, iso));
        file.record().modified = base::from_rfc3339("2026-02-12T00:00:00Z");
        CountingSink sink;
        const double taken = seconds_of([&] { static_cast<void>(parser->parse(file, {{"timezone", "Europe/Berlin"}}, sink)); });
        std::printf("%-28s %12zu %8.2f %12.0f\n", iso ? "parse, RFC 3339" : "parse, traditional", sink.events, taken, static_cast<double>(sink.events) / taken);
    }
    test::CaseFixture fixture;
    test::FileSpec spec;
    spec.path = "/var/log/auth.log", spec.bytes = make_log(lines, true), spec.digests = false;
    const double stored = seconds_of([&] { fixture.add_parsed("syslog", spec); });
    std::printf("%-28s %12d %8.2f %12.0f\n", "parse and store", lines, stored, lines / stored);
    for (const char* detector : {"logs", "ssh_logins", "correlation"}) {
        std::size_t found = 0;
        const double taken = seconds_of([&] { found = fixture.detect(detector).size(); });
        std::printf("%-28s %12zu %8.2f\n", detector, found, taken);
    }
    return 0;
}
