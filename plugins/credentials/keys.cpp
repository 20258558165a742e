#include "credentials/keys.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/bytes.hpp"

namespace deadbox::plugins::credentials {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_least_body = 24;  // base64 characters that a key has at least in its first lines

int digit_of(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

// The first bytes of a base64 text with line breaks.
std::string decoded(std::string_view text, std::size_t most) {
    std::string out;
    unsigned bits = 0, count = 0;
    for (const char c : text) {
        const int digit = digit_of(c);
        if (digit < 0) continue;
        bits = bits << 6 | static_cast<unsigned>(digit);
        if ((count += 6) < 8) continue;
        count -= 8;
        out += static_cast<char>(bits >> count & 0xff);
        if (out.size() == most) break;
    }
    return out;
}

// Where the lines of the body begin: behind headers ("Proc-Type: ...") and line breaks, which JSON writes as \n.
bool has_body(std::string_view after) {
    std::size_t length = 0;
    for (std::size_t at = 0; at < after.size() && at < 1024;) {
        if (after[at] == '\n' || after[at] == '\r') ++at;
        else if (after.substr(at).starts_with("\\n"sv)) at += 2;
        else if (digit_of(after[at]) >= 0 || after[at] == '=') {
            if (++length >= k_least_body) return true;
            ++at;
        } else if (after[at] == ':' || after[at] == ',' || after[at] == '-' || after[at] == ' ') {
            if (after.substr(at).starts_with("-----"sv)) return false;
            length = 0, ++at;
        } else return false;
    }
    return false;
}

// openssh-key-v1: magic, then u32 length and name of the cipher.
bool openssh_is_open(std::string_view body) {
    const auto bytes = decoded(body, 40);
    constexpr auto k_magic = "openssh-key-v1\0"sv;
    if (!std::string_view(bytes).starts_with(k_magic) || bytes.size() < k_magic.size() + 8) return false;
    return std::string_view(bytes).substr(k_magic.size(), 8) == "\0\0\0\4none"sv;
}

bool is_secret_label(std::string_view label) {
    return label.find("PRIVATE KEY"sv) != std::string_view::npos || label.starts_with("OpenVPN Static key"sv) || (label.starts_with("OpenVPN tls-crypt"sv) && label.ends_with("key"sv));
}

std::string kind_of_key(std::string_view label, std::string_view path) {
    if (label.starts_with("OpenVPN"sv)) return "shared_key";
    const auto name = path.substr(path.rfind('/') + 1);
    if (label.starts_with("PGP"sv)) return "pgp_key";
    if (name.starts_with("ssh_host_"sv)) return "ssh_host_key";
    if (label.starts_with("OPENSSH"sv) || label.starts_with("SSH2"sv) || path.find("/.ssh/"sv) != std::string_view::npos || name.starts_with("id_"sv)) return "ssh_key";
    return "private_key";
}

}  // namespace

namespace {

// Keys and stores in texts that begin so, or have a line that begins so.
struct Opening {
    std::string_view words, kind, setting, application, protection;
    bool first = false;  // of the file only
};
constexpr std::array k_openings{Opening{"$ANSIBLE_VAULT;1.", "key_store", "ANSIBLE_VAULT", "Ansible", "encrypted"},
                                Opening{"AGE-SECRET-KEY-1", "private_key", "AGE-SECRET-KEY", "age", "open"},
                                Opening{"QklFMQ", "key_store", "wallet", "Electrum", "encrypted", true},
                                Opening{"BORG_KEY ", "shared_key", "BORG_KEY", "Borg", "", true},
                                Opening{"untrusted comment: minisign encrypted secret key", "private_key", "secret key", "minisign", "encrypted", true},
                                Opening{"untrusted comment: minisign secret key", "private_key", "secret key", "minisign", "open", true},
                                Opening{"untrusted comment: rsign encrypted secret key", "private_key", "secret key", "rsign", "encrypted", true},
                                Opening{"untrusted comment: signify secret key", "private_key", "secret key", "signify", "", true},
                                Opening{"Private-key-format: v", "private_key", "Private-key-format", "DNSSEC", "open", true},
                                Opening{"PuTTY-User-Key-File-", "ssh_key", "PuTTY", "", "", true}};
// base64 of what Borg's keys begin with: a map whose first name is "algorithm".
constexpr auto k_borg = "hqlhbGdvcml0aG"sv;

template <class LineAt>
void find_openings(std::string_view text, LineAt&& line_at, std::vector<Credential>& all) {
    for (const auto& one : k_openings)
        for (auto at = one.first ? (text.starts_with(one.words) ? 0 : std::string_view::npos) : text.find(one.words); at != std::string_view::npos && all.size() < k_most; at = one.first ? std::string_view::npos : text.find(one.words, at + one.words.size())) {
            const auto before = text.substr(0, at).find_last_not_of(" \t");
            if (before != std::string_view::npos && text[before] != '\n') continue;
            const auto body = at + one.words.size();
            if (body >= text.size() || text.find_first_not_of("\r\n \t", body) == std::string_view::npos) continue;
            Credential found;
            found.kind = one.kind, found.setting = one.setting, found.application = one.application, found.protection = one.protection, found.line = line_at(at);
            if (one.setting == "PuTTY"sv) found.protection = text.find("\nEncryption: none"sv) != std::string_view::npos ? "open" : "encrypted";
            if (one.application == "age"sv) found.value = text.substr(at, std::min(text.find_first_of("\r\n \t", at), text.size()) - at);
            all.push_back(std::move(found));
        }
}

}  // namespace

std::vector<Credential> find_keys(std::string_view path, std::string_view text) {
    std::vector<Credential> all;
    std::int64_t line = 1;
    std::size_t counted = 0;
    const auto line_at = [&](std::size_t at) {
        line += std::count(text.begin() + static_cast<std::ptrdiff_t>(counted), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
        counted = at;
        return line;
    };
    for (std::size_t at = text.find("-----BEGIN "sv); at != std::string_view::npos && all.size() < k_most; at = text.find("-----BEGIN "sv, at + 1)) {
        const auto rest = text.substr(at + 11, 80);
        const auto end = rest.find("-----"sv);
        if (end == std::string_view::npos || !is_secret_label(rest.substr(0, end))) continue;
        const auto body = text.substr(at + 11 + end + 5);
        if (!has_body(body)) continue;
        Credential found;
        found.setting = rest.substr(0, end), found.kind = kind_of_key(rest, path), found.line = line_at(at);
        const bool open = rest.starts_with("OPENSSH"sv) ? openssh_is_open(body.substr(0, 200)) : !rest.starts_with("ENCRYPTED"sv) && !rest.starts_with("SSH2 ENCRYPTED"sv) && body.substr(0, 200).find("ENCRYPTED"sv) == std::string_view::npos;
        // A PGP key's protection stands inside its packets: it is not told.
        found.protection = found.kind == "pgp_key" ? "" : open ? "open" : "encrypted";
        all.push_back(std::move(found));
    }
    // A key as JSON (RFC 7517): accounts of ACME, signing keys of applications. "k" is a shared one's.
    if (const auto type = text.find("\"kty\""sv); type != std::string_view::npos && text.find_first_not_of(" \t\r\n") != std::string_view::npos && text[text.find_first_not_of(" \t\r\n")] == '{') {
        const auto shared = text.substr(type, 16).find("oct"sv) != std::string_view::npos;
        const auto part = text.find(shared ? "\"k\""sv : "\"d\""sv);
        if (part != std::string_view::npos) {
            Credential found;
            counted = 0, line = 1;
            found.setting = "JWK", found.kind = shared ? "shared_key" : "private_key", found.line = line_at(part);
            if (path.find("/accounts/"sv) != std::string_view::npos && path.find("letsencrypt"sv) != std::string_view::npos) found.application = "ACME";
            all.push_back(std::move(found));
        }
    }
    const auto from_start = [&](std::size_t at) { return counted = 0, line = 1, line_at(at); };
    find_openings(text, from_start, all);
    // A repository's own key, in its settings or in a file of its own.
    if (const auto at = text.find(k_borg); at != std::string_view::npos && !text.starts_with("BORG_KEY "sv)) {
        const auto before = text.substr(0, at);
        if (before.ends_with("key = "sv) || before.ends_with("key="sv)) all.push_back({"shared_key", "key", "Borg", "", "", "", from_start(at)});
    }
    // A wallet's own key, from which all others are made: xprv and 107 signs of base58.
    for (auto at = text.find("xprv9"sv); at != std::string_view::npos && all.size() < k_most; at = text.find("xprv9"sv, at + 1)) {
        const auto end = at + std::min(text.substr(at, 112).find_first_not_of("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"sv), text.substr(at, 112).size());
        if (end - at != 111 || (at > 0 && std::isalnum(static_cast<unsigned char>(text[at - 1])) != 0)) continue;
        all.push_back({"private_key", "xprv", "Bitcoin", "", "open", std::string(text.substr(at, end - at)), from_start(at)});
    }
    // Ethereum's: one key in a file of JSON, which a passphrase opens.
    if (text.size() < 4096 && text.starts_with('{') && text.find("\"ciphertext\""sv) != std::string_view::npos && text.find("\"kdf\""sv) != std::string_view::npos && text.find("\"mac\""sv) != std::string_view::npos)
        all.push_back({"key_store", "keystore", "Ethereum", "", "encrypted", "", 1});
    // The key of a restic repository, which its password opens.
    if (text.size() < 4096 && text.starts_with('{') && text.find("\"kdf\":\"scrypt\""sv) != std::string_view::npos && text.find("\"data\":\""sv) != std::string_view::npos && text.find("\"hostname\":"sv) != std::string_view::npos)
        all.push_back({"shared_key", "data", "restic", "", "encrypted", "", 1});
    return all;
}

}  // namespace deadbox::plugins::credentials
