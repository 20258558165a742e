#include "cli/output.hpp"

#include "report/visible.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "report/json_writer.hpp"

namespace deadbox::cli {
namespace {

constexpr std::size_t k_buffer = 1 << 17;
std::string& buffer() {
    static std::string text;
    return text;
}
int failed = 0;

void write_out() {
    std::string& text = buffer();
    for (std::size_t done = 0; done < text.size() && failed == 0;) {
        const ssize_t count = ::write(STDOUT_FILENO, text.data() + done, text.size() - done);
        if (count >= 0) done += static_cast<std::size_t>(count);
        else if (errno != EINTR) failed = errno;
    }
    text.clear();
}

}  // namespace

void print(std::string_view text) {
    buffer().append(text);
    if (buffer().size() >= k_buffer) write_out();
}

base::Result<void> flush() {
    write_out();
    if (failed != 0) return base::fail_errno("cannot write the output", failed);
    return {};
}

std::string_view name_of(base::Errc code) {
    switch (code) {
        case base::Errc::io: return "io";
        case base::Errc::truncated: return "truncated";
        case base::Errc::corrupt: return "corrupt";
        case base::Errc::unsupported: return "unsupported";
        case base::Errc::not_found: return "not_found";
        case base::Errc::limit: return "limit";
        case base::Errc::denied: return "denied";
        case base::Errc::usage: return "usage";
        case base::Errc::busy: return "busy";
        case base::Errc::interrupted: return "interrupted";
        case base::Errc::internal: return "internal";
    }
    return "internal";
}

std::string message_object(Level level, std::string_view code, std::string_view message) {
    std::string text;
    report::JsonWriter json(text);
    json.begin_object().key(level == Level::error ? "error" : level == Level::warning ? "warning" : "note").begin_object().member("code", code).member("message", message).end_object().end_object();
    text += '\n';
    return text;
}

bool tells(const Context& context, Level level) {
    static constexpr std::string_view k_levels[] = {"error", "warning", "info", "debug"};
    const auto most = std::find(std::begin(k_levels), std::end(k_levels), context.quiet ? "error" : std::string_view(context.log_level)) - std::begin(k_levels);
    return static_cast<std::ptrdiff_t>(level) <= most;
}

void complain(const Context& context, std::string_view code, std::string_view message, Level level) {
    if (!tells(context, level)) return;
    const std::string text = context.json ? message_object(level, code, message) : "deadbox: " + report::visible(message) + "\n";
    std::fputs(text.c_str(), stderr);
}

}  // namespace deadbox::cli
