#include "webshell/encoded_script.hpp"

#include <array>

namespace deadbox::plugins::webshell {
namespace {

constexpr std::string_view k_begin = "#@~^", k_end = "^#~@";
constexpr std::size_t k_length_bytes = 8, k_checksum_bytes = 8;  // base64 with its "=="
constexpr std::size_t k_most = 2u << 20;

// What the bytes 32 to 127 stand for, by alternative; a tab stands for "Wn{".
constexpr std::array<std::string_view, 3> k_alternatives{
    ".GzVBj/&IA42[vrC89pEhqO\011bD#uJ~J^@wJa]\"KoN;LPg*}tT+-,0nkf5%!dMRc\?{x)(sY3\177mUS|:_eFX1ilZH'\\=$y7`Q 6",
    "-uR`q^I\\b})6 |z\177kc3+hQfv1dTCL:L~LE,*t'7DyY/o&rj9{\?8wgSG4x]0#Z[lHUpi.L!$NP\011Vs5aKX;W\"mM%(FJ2A=_OBe",
    "20!)[83=X:5e9\\VsfNEkbYx^}JmqA`AS@B'Hru17MR\"TjGd- \177.L]~loytC&v%$+(#A4\011*D\?w;UiacPgQIOFh|6pnz/_KZ,W"};
constexpr std::string_view k_tab = "Wn{";
// Which alternative, by the place among the plain bytes, modulo 64.
constexpr std::string_view k_turns = "0120121221210212021200122102122100212120200120210212001220012021";

char escaped(char c) {
    switch (c) {
        case '&': return '\n';
        case '#': return '\r';
        case '*': return '>';
        case '!': return '<';
        default: return '@';
    }
}

std::string decode(std::string_view body) {
    std::string out;
    out.reserve(body.size());
    std::size_t turn = 0;
    for (std::size_t i = 0; i < body.size(); ++i) {
        const auto byte = static_cast<unsigned char>(body[i]);
        if (byte >= 128) { out += body[i]; continue; }
        const auto alternative = static_cast<std::size_t>(k_turns[turn++ % 64] - '0');
        if (body[i] == '@' && i + 1 < body.size()) out += escaped(body[++i]);
        else if (body[i] == '\t') out += k_tab[alternative];
        else if (byte < 32 || body[i] == '<' || body[i] == '>') out += body[i];
        else out += k_alternatives[alternative][byte - 32u];
    }
    return out;
}

}  // namespace

std::string decoded_scripts(std::string_view text) {
    std::string out;
    for (auto at = text.find(k_begin); at != text.npos && out.size() < k_most; at = text.find(k_begin, at)) {
        const auto body = at + k_begin.size() + k_length_bytes;
        if (body >= text.size()) break;
        auto end = text.find(k_end, body);
        at = end == text.npos ? text.size() : end + k_end.size();
        if (end == text.npos) end = text.size();
        else if (end - body >= k_checksum_bytes) end -= k_checksum_bytes;
        out += decode(text.substr(body, std::min(end - body, k_most)));
        out += '\n';
    }
    return out;
}

}  // namespace deadbox::plugins::webshell
