#include "credentials/stores.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/byte_cursor.hpp"
#include "credentials/der.hpp"

namespace deadbox::plugins::credentials {
namespace {

using namespace std::string_view_literals;

struct Store {
    std::string_view kind, setting, application = {}, protection = "encrypted";
};
using Found = std::optional<Store>;

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// Java keeps its stores in PKCS #12 as well; such as hold only certificates that are trusted say so in their names.
bool is_store_name(std::string_view name) {
    if (name.find("trust"sv) != std::string_view::npos || name.find("cacerts"sv) != std::string_view::npos) return false;
    for (const auto ending : {".p12"sv, ".pfx"sv, ".jks"sv, ".jceks"sv, ".keystore"sv, ".ks"sv})
        if (name.ends_with(ending)) return true;
    return name == "keystore"sv || name == ".keystore"sv;
}

Found der(std::string_view path, std::string_view bytes, std::uint64_t size) {
    const auto key = der_key(bytes, size);
    if (key.form.empty()) return std::nullopt;
    const auto protection = key.encrypted ? "encrypted"sv : "open"sv;
    if (key.form != "PKCS #12"sv) return Store{"private_key", key.form, {}, protection};
    // Of a long one the bag may stand behind its beginning.
    return key.holds_key || (size > bytes.size() && is_store_name(name_of(path))) ? Found(Store{"key_store", key.form, {}, protection}) : std::nullopt;
}

// RFC 9580: packet = tag, length, body; tag 5 is a secret key: version time:u32be [days:u16be] algorithm public-fields s2k-usage ...
Found openpgp(std::string_view bytes, std::uint64_t size) {
    base::ByteCursor cursor(base::as_bytes(bytes));
    const unsigned tag = cursor.u8();
    std::uint64_t length = 0;
    if ((tag & 0xc0) == 0xc0) {
        if ((tag & 0x3f) != 5) return std::nullopt;
        length = cursor.u8();
        if (length >= 192 && length < 224) length = ((length - 192) << 8) + cursor.u8() + 192;
        else if (length == 255) length = cursor.be32();
        else if (length >= 224) return std::nullopt;
    } else {
        if ((tag & 0xfc) != (0x80 | 5 << 2) || (tag & 3) == 3) return std::nullopt;
        length = (tag & 3) == 0 ? cursor.u8() : (tag & 3) == 1 ? cursor.be16() : cursor.be32();
    }
    const unsigned version = cursor.u8();
    const std::uint32_t time = cursor.be32();
    if (!cursor.ok() || length < 24 || length > size || version < 3 || version > 6 || time < 631'152'000) return std::nullopt;  // 1990
    if (version == 3) cursor.skip(2);
    const unsigned algorithm = cursor.u8();
    if (version > 4) cursor.skip(4);
    const auto numbers = [&](int count) {
        for (int i = 0; i < count; ++i) cursor.skip((std::size_t{cursor.be16()} + 7) / 8);
    };
    switch (algorithm) {
        case 1: case 2: case 3: numbers(2); break;
        case 16: case 20: numbers(3); break;
        case 17: numbers(4); break;
        case 18: cursor.skip(cursor.u8()), numbers(1), cursor.skip(cursor.u8()); break;
        case 19: case 22: cursor.skip(cursor.u8()), numbers(1); break;
        case 25: case 27: cursor.skip(32); break;
        case 26: cursor.skip(56); break;
        case 28: cursor.skip(57); break;
        default: return std::nullopt;
    }
    const unsigned usage = cursor.u8();
    if (!cursor.ok()) return std::nullopt;
    if (usage < 253) return Store{"pgp_key", "OpenPGP", "GnuPG", usage == 0 ? "open" : "encrypted"};
    if (version > 4) cursor.skip(1);
    cursor.skip(1);
    if (version > 4) cursor.skip(1);
    if (cursor.u8() == 101) return std::nullopt;  // GNU's own: the secret lies elsewhere, on a card
    return Store{"pgp_key", "OpenPGP", "GnuPG"};
}

// What gpg-agent keeps: an S-expression, since 2.2.20 behind lines of names.
Found gpg_agent(std::string_view bytes) {
    auto text = bytes.substr(0, 4096);
    if (!text.starts_with('(')) {
        const auto at = text.starts_with("Key: ("sv) ? 0 : text.find("\nKey: ("sv);
        if (at == std::string_view::npos || text.substr(0, at).find('\0') != std::string_view::npos) return std::nullopt;
        text = text.substr(text.find('(', at));
    }
    if (text.starts_with("(11:private-key("sv) || text.starts_with("(private-key"sv)) return Store{"pgp_key", "gpg-agent", "GnuPG", "open"};
    if (text.starts_with("(21:protected-private-key("sv) || text.starts_with("(protected-private-key"sv)) return Store{"pgp_key", "gpg-agent", "GnuPG"};
    return std::nullopt;  // a shadowed one lies on a card
}

// MIT's: 05 02, then entries: length:i32be count:u16be realm:data component:data ... ; data = length:u16be bytes
Found keytab(std::string_view bytes, std::uint64_t size) {
    if (!bytes.starts_with("\x05\x02"sv)) return std::nullopt;
    base::ByteCursor cursor(base::as_bytes(bytes));
    cursor.skip(2);
    auto length = static_cast<std::int32_t>(cursor.be32());
    while (cursor.ok() && length < 0 && length > -65536) cursor.skip(static_cast<std::size_t>(-length)), length = static_cast<std::int32_t>(cursor.be32());  // holes
    const unsigned count = cursor.be16(), realm = cursor.be16();
    if (!cursor.ok() || length < 16 || static_cast<std::uint64_t>(length) > size || count == 0 || count > 16 || realm == 0 || realm > 255) return std::nullopt;
    const auto text = base::as_text(cursor.take(realm));
    const bool printable = cursor.ok() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
    return printable ? Found(Store{"key_store", "Kerberos keytab", "Kerberos", "open"}) : std::nullopt;
}

// Tickets, MIT's versions 3 and 4: 05 04 [length:u16be tags] principal = type:u32be count:u32be realm:data component:data ...; data = length:u32be bytes
Found ticket_cache(std::string_view bytes) {
    if (!bytes.starts_with("\x05\x04"sv) && !bytes.starts_with("\x05\x03"sv)) return std::nullopt;
    base::ByteCursor cursor(base::as_bytes(bytes));
    cursor.skip(2);
    if (bytes[1] == 4) cursor.skip(cursor.be16());
    const auto type = cursor.be32(), count = cursor.be32();
    if (!cursor.ok() || type > 16 || count == 0 || count > 16) return std::nullopt;
    for (std::uint32_t i = 0; i < 2; ++i) {
        const auto length = cursor.be32();
        if (!cursor.ok() || length == 0 || length > 255) return std::nullopt;
        const auto text = base::as_text(cursor.take(length));
        if (!cursor.ok() || !std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; })) return std::nullopt;
    }
    // What follows the principal are the tickets.
    return cursor.left() > 32 ? Found(Store{"token", "Kerberos tickets", "Kerberos", "open"}) : std::nullopt;
}

// Bitcoin Core's, and what was made from it: a B-tree of Berkeley DB or SQLite; "mkey" is a record of an encrypted one's.
Found wallet(std::string_view path, std::string_view bytes) {
    const auto name = name_of(path);
    const bool tree = bytes.size() > 16 && (bytes.substr(12, 4) == "\x62\x31\x05\x00"sv || bytes.substr(12, 4) == "\x00\x05\x31\x62"sv);
    if (!tree && !bytes.starts_with("SQLite format 3\0"sv)) return std::nullopt;
    const bool records = bytes.find("\x04mkey"sv) != std::string_view::npos || bytes.find("\x04" "ckey"sv) != std::string_view::npos || bytes.find("walletdescriptor"sv) != std::string_view::npos;
    if (!records && !(tree && name.starts_with("wallet"sv) && name.ends_with(".dat"sv))) return std::nullopt;
    return Store{"key_store", "wallet", "Bitcoin", bytes.find("\x04mkey"sv) != std::string_view::npos || bytes.find("walletdescriptorckey"sv) != std::string_view::npos ? "encrypted"sv : ""sv};
}

// dropbear's host keys: string = length:u32be bytes; name, then the parts, the secret ones last
Found dropbear(std::string_view bytes, std::uint64_t size) {
    struct Form {
        std::string_view name;
        int parts;
    };
    static constexpr std::array k_forms{Form{"ssh-rsa", 3}, Form{"ssh-dss", 5}, Form{"ssh-ed25519", 1}, Form{"ecdsa-sha2-nistp256", 3}, Form{"ecdsa-sha2-nistp384", 3}, Form{"ecdsa-sha2-nistp521", 3}};
    if (size > 8192 || !bytes.starts_with("\0\0\0"sv)) return std::nullopt;
    base::ByteCursor cursor(base::as_bytes(bytes));
    const auto string = [&] { return base::as_text(cursor.take(cursor.be32())); };
    const auto name = string();
    const auto form = std::find_if(k_forms.begin(), k_forms.end(), [&](const auto& one) { return one.name == name; });
    if (form == k_forms.end()) return std::nullopt;
    int parts = 0;
    std::size_t last = 0;
    while (cursor.left() > 0) {
        last = string().size();
        if (!cursor.ok()) return std::nullopt;
        ++parts;
    }
    return parts >= form->parts && (name != "ssh-ed25519"sv || last == 64) ? Found(Store{"ssh_host_key", "dropbear", {}, "open"}) : std::nullopt;
}

// Databases of Samba: such as hold a record of secrets where their beginning shows one, for the programs make empty ones too. A domain
// controller's are never without: its own secret in secrets.ldb, the users' in the domain's part of the directory.
Found samba(std::string_view path, std::string_view bytes, std::uint64_t size) {
    const auto name = name_of(path);
    const bool secrets = name == "secrets.tdb"sv, users = name == "passdb.tdb"sv, directory = path.find("/samba"sv) != std::string_view::npos && (name == "secrets.ldb"sv || (path.find("/sam.ldb.d/DC="sv) != std::string_view::npos && name.ends_with(".ldb"sv) && !name.starts_with("DC=DOMAINDNSZONES"sv) && !name.starts_with("DC=FORESTDNSZONES"sv)));
    if ((!secrets && !users && !directory) || size == 0) return std::nullopt;
    if (!directory) {
        const auto holds = [&](std::initializer_list<std::string_view> records) { return std::any_of(records.begin(), records.end(), [&](auto record) { return bytes.find(record) != std::string_view::npos; }); };
        if (!bytes.starts_with("TDB file\n"sv)) return std::nullopt;
        if (users ? !holds({"USER_"sv}) : !holds({"SECRETS/MACHINE_PASSWORD"sv, "SECRETS/MACHINE_DOMAIN_INFO"sv, "SECRETS/LDAP_BIND_PW"sv, "SECRETS/GENERIC"sv, "SECRETS/AUTH_PASSWORD"sv, "SECRETS/$DOMTRUST.ACC"sv})) return std::nullopt;
    }
    return Store{"key_store", secrets ? "secrets.tdb"sv : users ? "passdb.tdb"sv : "ldb"sv, "Samba", users ? "hashed" : "open"};
}

Found by_magic(std::string_view path, std::string_view bytes) {
    // Magic, version, count, then the first entry's tag: 1 is a private key, 2 a certificate that is trusted.
    if (bytes.starts_with("\xfe\xed\xfe\xed"sv) || bytes.starts_with("\xce\xce\xce\xce"sv)) return bytes.size() >= 16 && bytes[15] == 1 ? Found(Store{"key_store", "Java key store"}) : std::nullopt;
    if (bytes.starts_with("\x03\xd9\xa2\x9a"sv)) return Store{"key_store", "KeePass"};
    if (bytes.starts_with("\x1e\xf1\xb5\xb0\0\0\0\0"sv) && bytes.size() > 24) return Store{"private_key", "PVK", {}, bytes[12] == 0 ? "open" : "encrypted"};
    if (bytes.starts_with("SSH PRIVATE KEY FILE FORMAT 1.1\n\0"sv) && bytes.size() > 40) return Store{"ssh_key", "SSH1", {}, bytes[33] == 0 ? "open" : "encrypted"};
    if (bytes.starts_with("GnomeKeyring\n\r\0\n"sv)) return Store{"key_store", "GNOME keyring"};
    if (bytes.starts_with("KWALLET\n\r\0\r\n"sv)) return Store{"key_store", "KWallet"};
    if (bytes.starts_with("== ed25519v1-secret:"sv)) return Store{"private_key", "ed25519v1-secret", "Tor", "open"};
    const auto name = name_of(path);
    // Of pass: one password in each file, for a key of GnuPG.
    if (const auto at = path.find("/.password-store/"sv); at != std::string_view::npos && name.ends_with(".gpg"sv) && bytes.size() > 16 && (static_cast<unsigned char>(bytes[0]) & 0x80) != 0) {
        const auto entry = path.substr(at + 17);
        return Store{"password", entry.substr(0, entry.size() - 4), "pass"};
    }
    if (name == "passwd"sv && (path.find("/.vnc/"sv) != std::string_view::npos || path.find("/tigervnc/"sv) != std::string_view::npos) && (bytes.size() == 8 || bytes.size() == 16)) return Store{"key_store", "VNC password", {}, "open"};
    // What it hides its passwords with stands in the same file.
    if (name == ".mylogin.cnf"sv && bytes.size() > 24 && bytes.starts_with("\0\0\0\0"sv)) return Store{"database_password", "login path", "MySQL", "open"};
    return std::nullopt;
}

// Files whose names alone tell what they hold; `whole`: the end of the path.
struct Named {
    std::string_view whole;
    Store store;
};
constexpr std::array k_named{Named{"/secrets/master.key", {"application_secret", "", "Jenkins", "open"}}, Named{"/secrets/hudson.util.Secret", {"application_secret", "", "Jenkins", "open"}},
                             Named{"/munge.key", {"shared_key", "", "MUNGE", "open"}}, Named{"/krb5kdc/principal", {"key_store", "principal", "Kerberos", "encrypted"}}, Named{"/heimdal.db", {"key_store", "principal", "Kerberos", "encrypted"}},
                             Named{"/heimdal-kdc/m-key", {"shared_key", "m-key", "Kerberos", "open"}}, Named{"/sasl_passwd.db", {"password", "", "Postfix", "open"}}, Named{"/sasl_passwd.lmdb", {"password", "", "Postfix", "open"}},
                             Named{"/sasldb2", {"password", "", "SASL", "open"}}, Named{"/crypto_keyfile.bin", {"shared_key", "", "LUKS", "open"}}, Named{"/corosync/authkey", {"shared_key", "", "Corosync", "open"}}};

Found by_name(std::string_view path, std::uint64_t size) {
    if (size < 8) return std::nullopt;
    for (const auto& one : k_named)
        if (path.ends_with(one.whole)) return one.store;
    if (path.find("/krb5kdc/.k5."sv) != std::string_view::npos) return Store{"shared_key", "stash", "Kerberos", "open"};
    if (path.starts_with("/etc/cryptsetup-keys.d/"sv)) return Store{"shared_key", "", "LUKS", "open"};
    if (path.starts_with("/etc/credstore/"sv)) return Store{"application_secret", name_of(path), "systemd", "open"};
    return std::nullopt;
}

std::vector<Credential> listed(const Found& found) {
    if (!found) return {};
    Credential one;
    one.kind = found->kind, one.setting = found->setting, one.application = found->application, one.protection = found->protection;
    return {one};
}

}  // namespace

std::vector<Credential> find_stores(std::string_view path, std::string_view bytes, std::uint64_t size) {
    Found found = by_magic(path, bytes);
    if (!found) found = der(path, bytes, size);
    if (!found) found = openpgp(bytes, size);
    if (!found) found = gpg_agent(bytes);
    if (!found) found = keytab(bytes, size);
    if (!found) found = ticket_cache(bytes);
    if (!found) found = wallet(path, bytes);
    if (!found) found = dropbear(bytes, size);
    if (!found) found = samba(path, bytes, size);
    return listed(found);
}

std::vector<Credential> find_named(std::string_view path, std::uint64_t size) { return listed(by_name(path, size)); }

}  // namespace deadbox::plugins::credentials
