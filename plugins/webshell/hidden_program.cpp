#include "webshell/hidden_program.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>

namespace deadbox::plugins::webshell {
namespace {

constexpr std::size_t k_most_text = 4u << 20, k_most_constants = 400, k_shortest = 22, k_shortest_compressed = 120, k_longest_decoded = 256u << 10;

constexpr auto k_base64_digits = [] {
    std::array<std::int8_t, 256> digits{};
    digits.fill(-1);
    int value = 0;
    for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")) digits[static_cast<unsigned char>(c)] = static_cast<std::int8_t>(value++);
    return digits;
}();
int base64_digit(char c) { return k_base64_digits[static_cast<unsigned char>(c)]; }

// Where the next run of at least k_shortest digits begins, from the end of one on; shorter ones are passed over without a
// look at each of their bytes. The text's size where there is none.
std::size_t next_run(std::string_view text, std::size_t at) {
    while (at + k_shortest <= text.size()) {
        auto begin = at + k_shortest;
        while (begin > at && base64_digit(text[begin - 1]) >= 0) --begin;
        if (begin == at) return at;
        at = begin;
    }
    return text.size();
}

// Hexadecimal; with `turned` its letters are those of ROT13.
int hex_digit(char c, bool turned) {
    if (c >= '0' && c <= '9') return c - '0';
    const char letter = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const char first = turned ? 'n' : 'a';
    return letter >= first && letter < first + 6 ? letter - first + 10 : -1;
}

std::string from_base64(std::string_view digits) {
    std::string out;
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : digits) {
        bits = bits << 6 | static_cast<std::uint32_t>(base64_digit(c));
        if ((held += 6) >= 8) out += static_cast<char>(bits >> (held -= 8) & 255);
        if (out.size() >= k_longest_decoded) break;
    }
    return out;
}
std::string from_hex(std::string_view digits, bool turned) {
    std::string out;
    for (std::size_t i = 0; i + 1 < digits.size() && out.size() < k_longest_decoded; i += 2) out += static_cast<char>(hex_digit(digits[i], turned) * 16 + hex_digit(digits[i + 1], turned));
    return out;
}

// `window`: zlib's: -15 raw, 47 zlib or gzip by head.
std::string inflated(std::string_view bytes, int window) {
    z_stream stream{};
    if (inflateInit2(&stream, window) != Z_OK) return {};
    std::string out(k_longest_decoded, '\0');
    std::string in(bytes);
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    (void)inflate(&stream, Z_FINISH);
    out.resize(out.size() - stream.avail_out);
    inflateEnd(&stream);
    return out;
}

bool is_program_text(std::string_view bytes) {
    const auto part = bytes.substr(0, 200);
    return !part.empty() && std::none_of(part.begin(), part.end(), [](char c) { const auto u = static_cast<unsigned char>(c); return (u < 32 && u != '\n' && u != '\r' && u != '\t') || u == 127; });
}

// Sources and deeds that meet in one decoded text.
bool is_shells_text(std::string_view text) {
    std::string low(text.substr(0, k_longest_decoded));
    for (auto& c : low) if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    const auto has = [&](std::string_view part) { return low.find(part) != low.npos; };
    const auto any = [&](std::initializer_list<std::string_view> parts) { return std::any_of(parts.begin(), parts.end(), has); };
    if (any({"eval($_", "assert($_", "system($_", "passthru($_", "shell_exec($_", "eval(base64_decode(", "eval(gzinflate(", "eval(gzuncompress(", "eval(str_rot13(", "eval(request", "eval request", "execute(request", "execute request", "executeglobal request",
             "runtime().exec(request", "/dev/tcp/", "nc -e /bin/", "bash -i >&"})) return true;
    if (any({"$_post[", "$_get[", "$_request[", "$_cookie["}) && any({"eval(", "system(", "shell_exec(", "passthru(", "popen(", "proc_open(", "create_function(", "move_uploaded_file("})) return true;
    // A program in C, Perl or Python that ties a shell to a socket.
    if (any({"/bin/sh", "/bin/bash", "cmd.exe"}) && any({"socket(", "use socket", "import socket", "io::socket", "tcpclient", "fsockopen("})) return true;
    return text.size() < 200 && (low.starts_with("request.item[") || low.starts_with("request[\"") || low.starts_with("request.form["));
}

std::optional<std::string> shell_in(std::string bytes, bool try_inflate) {
    if (is_program_text(bytes)) {
        if (is_shells_text(bytes)) return bytes;
        return std::nullopt;
    }
    if (!try_inflate) return std::nullopt;
    for (const int window : {47, -15}) {
        auto plain = inflated(bytes, window);
        if (plain.size() > 40 && is_program_text(plain) && is_shells_text(plain)) return plain;
    }
    return std::nullopt;
}

}  // namespace

std::optional<HiddenProgram> hidden_program(std::string_view text) {
    text = text.substr(0, k_most_text);
    std::size_t constants = 0;
    for (auto at = next_run(text, 0); at < text.size() && constants < k_most_constants; at = next_run(text, at)) {
        auto end = at;
        bool digits = false, upper = false, lower = false, hex = true, turned = true;
        for (; end < text.size() && base64_digit(text[end]) >= 0; ++end) {
            const char c = text[end];
            digits |= c >= '0' && c <= '9';
            upper |= c >= 'A' && c <= 'Z';
            lower |= c >= 'a' && c <= 'z';
            hex &= hex_digit(c, false) >= 0;
            turned &= hex_digit(c, true) >= 0;
        }
        const auto run = text.substr(at, end - at);
        const auto offset = static_cast<std::uint32_t>(at);
        at = end;
        if (hex || turned) {
            if (run.size() < 2 * k_shortest) continue;
            ++constants;
            if (auto found = shell_in(from_hex(run, !hex), run.size() > k_shortest_compressed)) return HiddenProgram{offset, found->substr(0, 300)};
            continue;
        }
        // Identifiers and paths are runs too: base64 of text has letters of both cases.
        if (!upper || !lower || (!digits && run.size() < 60)) continue;
        ++constants;
        if (!is_program_text(from_base64(run.substr(0, 16))) && run.size() < k_shortest_compressed) continue;
        if (auto found = shell_in(from_base64(run), run.size() >= k_shortest_compressed)) return HiddenProgram{offset, found->substr(0, 300)};
    }
    return std::nullopt;
}

}  // namespace deadbox::plugins::webshell
