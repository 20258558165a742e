#include <algorithm>
#include <array>
#include <cstring>

#include "base/bytes.hpp"
#include "content/file_type_rules.hpp"

namespace deadbox::content::type_rules {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_checked = 4096;  // bytes that are looked at for being text

// Bytes that no text holds: controls but BEL BS TAB LF VT FF CR ESC, and DEL.
#if defined(__GNUC__) && !defined(__clang__)
__attribute__((optimize("O3")))  // some ten times faster as vectors
#endif
bool has_controls(std::string_view text) {
    unsigned bad = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t i = 0;
    for (; i + 64 <= text.size(); i += 64) {  // whole blocks without a branch, so that the compiler makes vectors of them
        unsigned char block = 0;
        for (std::size_t k = 0; k < 64; ++k) {
            const unsigned char c = bytes[i + k];
            block = static_cast<unsigned char>(block | ((c < 0x20) & (c != 0x1b) & (static_cast<unsigned char>(c - 7) > 6)) | (c == 0x7f));
        }
        if (block) return true;
    }
    for (; i < text.size(); ++i) bad |= (bytes[i] < 0x20 && bytes[i] != 0x1b && static_cast<unsigned char>(bytes[i] - 7) > 6) || bytes[i] == 0x7f;
    return bad != 0;
}

std::string_view skip_space(std::string_view text) {
    std::size_t i = 0;
    while (i < text.size() && (text[i] == ' ' || (text[i] >= '\t' && text[i] <= '\r'))) ++i;
    return text.substr(i);
}

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; }

struct TextRow {
    std::string_view start;
    std::string_view type;
};

// Interpreters by name, without version digits.
constexpr auto k_interpreters = std::to_array<TextRow>({
    {"sh", "text/x-shellscript"}, {"bash", "text/x-shellscript"}, {"dash", "text/x-shellscript"}, {"ash", "text/x-shellscript"},
    {"ksh", "text/x-shellscript"}, {"mksh", "text/x-shellscript"}, {"zsh", "text/x-shellscript"}, {"csh", "text/x-shellscript"},
    {"tcsh", "text/x-shellscript"}, {"fish", "text/x-shellscript"}, {"rbash", "text/x-shellscript"}, {"busybox", "text/x-shellscript"},
    {"perl", "text/x-perl"}, {"python", "text/x-python"}, {"pypy", "text/x-python"}, {"php", "text/x-php"}, {"php-cgi", "text/x-php"},
    {"ruby", "text/x-ruby"}, {"tclsh", "text/x-tcl"}, {"wish", "text/x-tcl"}, {"expect", "text/x-tcl"}, {"awk", "text/x-awk"},
    {"gawk", "text/x-awk"}, {"mawk", "text/x-awk"}, {"nawk", "text/x-awk"}, {"lua", "text/x-lua"}, {"luajit", "text/x-lua"},
    {"node", "text/x-node"}, {"nodejs", "text/x-node"}, {"deno", "text/x-node"}, {"bun", "text/x-node"}, {"make", "text/x-makefile"},
});

// "#!/usr/bin/env -S NAME=VALUE python3 -u" -> python
std::string_view interpreter_type(std::string_view head) {
    auto line = head.substr(2, std::min<std::size_t>(head.find_first_of("\r\n"), 256) - 2);
    std::string_view program;
    for (bool env = false;;) {
        const auto start = line.find_first_not_of(" \t");
        if (start == std::string_view::npos) break;
        line.remove_prefix(start);
        const auto word = line.substr(0, line.find_first_of(" \t"));
        line.remove_prefix(word.size());
        const auto name = word.substr(word.rfind('/') + 1);
        if (!env && (name == "env" || name == "nice" || name == "setsid")) env = true;
        else if (env && (word.starts_with("-") || word.find('=') != std::string_view::npos)) continue;
        else {
            program = name;
            break;
        }
    }
    for (const char c : program) {
        if (!is_word(c) && c != '.' && c != '+') return "";
    }
    while (!program.empty() && (program.back() == '.' || (program.back() >= '0' && program.back() <= '9'))) program.remove_suffix(1);
    if (program.empty()) return "";
    if (program.ends_with("-")) program.remove_suffix(1);
    for (const auto& row : k_interpreters) {
        if (program == row.start) return row.type;
    }
    return "text/x-script";
}

// A PHP tag that opens code: at a line's start, behind white space or behind a tag.
bool has_php_tag(std::string_view text, bool short_tags) {
    for (std::size_t mark = 1; mark + 1 < text.size();) {  // '?' is rarer than '<'
        mark = text.find('?', mark);
        if (mark == std::string_view::npos) return false;
        const auto place = mark++ - 1;
        if (text[place] != '<') continue;
        const auto behind = byte_at(text, place + 5);
        const bool opened = place == 0 || text[place - 1] == '>' || text[place - 1] == ';' || static_cast<unsigned char>(text[place - 1]) <= ' ' || short_tags;
        if (opened && has_at_nocase(text, place + 2, "php") && (behind <= ' ' || behind == '/')) return true;
        const auto next = byte_at(text, place + 2);
        if (short_tags && (next == '=' || next == ' ' || next == '\n' || next == '\r' || next == '\t')) return true;
    }
    return false;
}

// Elements that begin pages.
constexpr auto k_html = std::to_array<std::string_view>({"!doctype html", "html", "head", "body", "title", "meta", "link", "script", "style", "table",
    "div", "h1", "h2", "h3", "p", "a", "b", "br", "center", "font", "frameset", "iframe", "marquee", "img", "span", "form", "section", "header", "nav", "ul"});

std::string_view markup_type(std::string_view text) {
    // <%@ page language="java" %>, <%@ Page Language="C#" %>, <% Response.Write ... %>
    const auto start = text.substr(0, 4096);
    if (const auto tag = start.find("<%"); tag != std::string_view::npos) {
        const auto code = start.substr(tag);
        const auto directive = skip_space(code.substr(std::min<std::size_t>(3, code.size())));
        if (code.starts_with("<%@")) {
            if (has_at_nocase(directive, 0, "webhandler") || has_at_nocase(directive, 0, "webservice") || has_at_nocase(directive, 0, "control") || has_at_nocase(directive, 0, "master")) return "text/x-aspx";
            if (has_at_nocase(directive, 0, "page") || has_at_nocase(directive, 0, "taglib") || has_at_nocase(directive, 0, "include") || has_at_nocase(directive, 0, "import")) {
                const auto end = directive.substr(0, directive.find("%>"));
                const bool dotnet = end.find("C#") != std::string_view::npos || end.find("c#") != std::string_view::npos || end.find("VB") != std::string_view::npos ||
                                    end.find("Inherits") != std::string_view::npos || end.find("Namespace") != std::string_view::npos || end.find("AutoEventWireup") != std::string_view::npos ||
                                    end.find("JScript") != std::string_view::npos || end.find("Jscript") != std::string_view::npos || end.find("jscript") != std::string_view::npos;
                return dotnet ? "text/x-aspx"sv : "text/x-jsp"sv;
            }
            if (has_at_nocase(directive, 0, "language")) return "text/x-asp";
        }
        for (const auto mark : {"<%!"sv, "request.getParameter"sv, "Runtime.getRuntime"sv, "java."sv, "out.print"sv, "<jsp:"sv}) {
            if (start.find(mark) != std::string_view::npos) return "text/x-jsp";
        }
        for (const auto mark : {"Response."sv, "response."sv, "Request"sv, "request("sv, "Server."sv, "CreateObject"sv, "eval("sv, "execute"sv, "Execute"sv, "eval "sv}) {
            if (code.find(mark) != std::string_view::npos) return "text/x-asp";
        }
    }
    if (has_at_nocase(text, 0, "<cfset") || has_at_nocase(text, 0, "<cfif") || has_at_nocase(text, 0, "<cfcomponent") || has_at_nocase(text, 0, "<cfexecute") || has_at_nocase(text, 0, "<cfoutput"))
        return "text/x-coldfusion";
    if (text.starts_with("<jsp:")) return "text/x-jsp";
    // Behind comments, an XML declaration and a document type stands the root element.
    const bool xml = has_at_nocase(text, 0, "<?xml");
    auto rest = text.substr(0, 8192);
    for (int step = 0; step < 16; ++step) {
        rest = skip_space(rest);
        std::size_t end = 0;
        if (rest.starts_with("<!--")) end = rest.find("-->"), end = end == std::string_view::npos ? end : end + 3;
        else if (rest.starts_with("<?")) end = rest.find("?>"), end = end == std::string_view::npos ? end : end + 2;
        else if (rest.starts_with("<!") && !has_at_nocase(rest, 0, "<!doctype html")) end = rest.find('>'), end = end == std::string_view::npos ? end : end + 1;
        else break;
        if (end == std::string_view::npos) break;
        if (rest.starts_with("<!") && rest.find('[') < end) break;  // an internal subset: no root in easy reach
        rest.remove_prefix(end);
    }
    if (rest.starts_with("<svg")) return "image/svg+xml";
    if (rest.starts_with("<")) {
        for (const auto name : k_html) {
            if (has_at_nocase(rest, 1, name) && !is_word(static_cast<char>(byte_at(rest, 1 + name.size()))) && byte_at(rest, 1 + name.size()) != ':') {
                // Short names are believed only where no XML declaration says otherwise.
                if (!xml || name == "html" || name == "!doctype html") return "text/html";
            }
        }
    }
    if (xml) return "text/xml";
    return "";
}

// RFC 8259, over the first KiB: no token out of its place, and the text does not end in the middle.
bool is_json(std::string_view text, bool whole) {
    std::uint64_t objects = 0;  // one bit a level: 1 in an object
    int depth = 0;
    enum class Want { value, first_value, key, first_key, colon, comma, end } want = Want::value;
    int tokens = 0;
    const auto cut = [&] { return !whole && tokens > 1; };
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            ++i;
            continue;
        }
        ++tokens;
        const auto after_value = [&] { want = depth == 0 ? Want::end : Want::comma; };
        if (want == Want::end) return c == '{' || c == '[';  // JSON Lines
        if (c == '"') {
            if (want == Want::colon || want == Want::comma) return false;
            for (++i; i < text.size() && text[i] != '"'; ++i) {
                if (text[i] == '\\') ++i;
                else if (static_cast<unsigned char>(text[i]) < 0x20) return false;
            }
            if (i >= text.size()) return cut();
            ++i;
            if (want == Want::key || want == Want::first_key) want = Want::colon;
            else after_value();
        } else if (c == '{' || c == '[') {
            if ((want != Want::value && want != Want::first_value) || depth >= 60) return false;
            ++depth, objects = objects << 1 | (c == '{');
            want = c == '{' ? Want::first_key : Want::first_value;
            ++i;
        } else if (c == '}' || c == ']') {
            const bool object = (objects & 1) != 0;
            if (depth == 0 || object != (c == '}') || !(want == Want::comma || want == (object ? Want::first_key : Want::first_value))) return false;
            --depth, objects >>= 1;
            after_value();
            ++i;
        } else if (c == ':' || c == ',') {
            if (want != (c == ':' ? Want::colon : Want::comma)) return false;
            want = c == ':' ? Want::value : (objects & 1) != 0 ? Want::key : Want::value;
            ++i;
        } else {
            if (want != Want::value && want != Want::first_value) return false;
            const auto word = text.substr(i, text.find_first_of(" \t\r\n,:]}", i) - i);
            const bool number = word.find_first_not_of("-+.0123456789eE") == std::string_view::npos && (c == '-' || (c >= '0' && c <= '9'));
            if (!number && word != "true" && word != "false" && word != "null") return i + word.size() >= text.size() && cut() && word.size() < 5;
            i += word.size();
            after_value();
        }
    }
    return want == Want::end || cut();
}

std::string_view behind_comments(std::string_view text) {
    for (int step = 0; step < 64; ++step) {
        text = skip_space(text);
        std::size_t end = std::string_view::npos;
        if (text.starts_with("/*")) end = text.find("*/", 2), end = end == std::string_view::npos ? end : end + 2;
        else if (text.starts_with("//")) end = text.find('\n');
        else break;
        if (end == std::string_view::npos) return "";
        text.remove_prefix(end);
    }
    return text;
}

// A selector, '{', a property, ':', a value, ';' or '}'.
bool is_css(std::string_view text) {
    for (const auto start : {"@charset \""sv, "@import url("sv, "@font-face"sv, "@media "sv, ":root"sv, "@-webkit-"sv, "@keyframes "sv}) {
        if (text.starts_with(start)) return true;
    }
    const auto brace = text.substr(0, 400).find('{');
    if (brace == std::string_view::npos || brace == 0) return false;
    for (const char c : text.substr(0, brace)) {
        if (!is_word(c) && std::string_view(" \t\r\n.#:,>+~*[]=\"'()|^$%").find(c) == std::string_view::npos) return false;
    }
    auto body = behind_comments(text.substr(brace + 1));
    std::size_t name = 0;
    while (name < body.size() && (is_word(body[name]) || body[name] == '*')) ++name;
    body = skip_space(body.substr(name));
    if (name == 0 || !body.starts_with(":")) return false;
    const auto end = body.find_first_of(";{}\n");
    return end != std::string_view::npos && (body[end] == ';' || body[end] == '}') && body.substr(0, end).find(',') == std::string_view::npos;
}

bool is_javascript(std::string_view text) {
    for (const auto start : {"\"use strict\""sv, "'use strict'"sv, "(function"sv, "!function"sv, ";(function"sv, "+function"sv, "(()=>"sv, "(() =>"sv, "jQuery("sv,
                             "$(document)"sv, "window."sv, "document."sv, "module.exports"sv, "exports."sv, "Object.defineProperty("sv, "define(["sv, "define(\""sv,
                             "\"use client\""sv, "webpackJsonp"sv}) {
        if (text.starts_with(start)) return true;
    }
    const auto line = text.substr(0, text.find('\n'));
    if (line.starts_with("import ") && (line.find(" from '") != std::string_view::npos || line.find(" from \"") != std::string_view::npos || line.starts_with("import '") || line.starts_with("import {"))) return true;
    for (const auto start : {"var "sv, "let "sv, "const "sv, "export "sv, "function "sv, "class "sv, "async function "sv}) {
        if (!text.starts_with(start)) continue;
        const auto region = text.substr(0, 2048);
        int marks = 0;
        for (const auto mark : {"require("sv, "=>"sv, "function("sv, "function ("sv, "document."sv, "window."sv, "=== "sv, "undefined"sv, "prototype"sv, "typeof "sv, "console."sv, "export default"sv, "this."sv})
            marks += region.find(mark) != std::string_view::npos;
        return marks >= (start == "class " || start == "function " || start == "const " ? 2 : 1);
    }
    return false;
}

bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return is_word(c) || c == '.' || c == ',' || c == ' ' || c == '*'; }) && text.find('-') == std::string_view::npos;
}

// Modules without "#!": two lines of the first 3 KiB, or one that nothing else would say, decide.
//   import a.b      from a import b      def f(x):      class C(D):      @decorator      if __name__ ==
//   package A::B;   use strict;          sub f {        my $x =
std::string_view module_type(std::string_view text) {
    text = text.substr(0, 3072);
    int python = 0, perl = 0;
    while (!text.empty() && python < 2 && perl < 2) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.ends_with("\r")) line.remove_suffix(1);
        if (line.size() < 6) continue;
        switch (line.front()) {
            case 'i':
                if (line.starts_with("import ") && is_name(line.substr(7)) && !line.ends_with(";")) ++python;
                if (line.starts_with("if __name__ ==")) python += 2;
                break;
            case 'f':
                if (const auto to = line.find(" import "); line.starts_with("from ") && to != std::string_view::npos && is_name(line.substr(5, to - 5)) && line.substr(5, to - 5).find_first_of(", ") == std::string_view::npos) python += 2;
                break;
            case 'd':
                if (line.starts_with("def ") && line.find('(') != std::string_view::npos && line.ends_with(":")) python += 2;
                break;
            case 'c':
                if (line.starts_with("class ") && line.ends_with(":")) python += 2;
                break;
            case 'p':
                if (line.starts_with("package ") && line.ends_with(";") && (line.find("::") != std::string_view::npos)) perl += 2;
                break;
            case 'u':
                if (line.starts_with("use strict;") || line.starts_with("use warnings;") || line.starts_with("use vars ")) ++perl;
                break;
            case 's':
                if (line.starts_with("sub ") && line.ends_with("{")) ++perl;
                break;
            case 'm':
                if (line.starts_with("my $") || line.starts_with("my @") || line.starts_with("my %")) ++perl;
                break;
            default: break;
        }
    }
    return python >= 2 ? "text/x-python"sv : perl >= 2 ? "text/x-perl"sv : ""sv;
}

constexpr auto k_plain_starts = std::to_array<TextRow>({
    {"-----BEGIN OPENSSH PRIVATE KEY", "text/x-private-key"}, {"-----BEGIN RSA PRIVATE KEY", "text/x-private-key"},
    {"-----BEGIN PRIVATE KEY", "text/x-private-key"}, {"-----BEGIN EC PRIVATE KEY", "text/x-private-key"},
    {"-----BEGIN DSA PRIVATE KEY", "text/x-private-key"}, {"-----BEGIN ENCRYPTED PRIVATE KEY", "text/x-private-key"},
    {"-----BEGIN SSH2 ENCRYPTED PRIVATE KEY", "text/x-private-key"}, {"PuTTY-User-Key-File-", "text/x-private-key"},
    {"-----BEGIN EC PARAMETERS", "text/x-private-key"}, {"-----BEGIN PGP PRIVATE KEY", "text/x-private-key"},
    {"-----BEGIN PGP PUBLIC KEY", "application/pgp-keys"}, {"-----BEGIN PGP MESSAGE", "application/pgp-encrypted"},
    {"-----BEGIN PGP SIGNATURE", "application/pgp-signature"}, {"-----BEGIN ", "text/x-pem"}, {"SSH PRIVATE KEY FILE FORMAT", "text/x-private-key"},
    {"Received: ", "message/rfc822"}, {"Return-Path: ", "message/rfc822"}, {"Return-path: ", "message/rfc822"}, {"Delivered-To: ", "message/rfc822"},
    {"Message-ID: ", "message/rfc822"}, {"X-Original-To: ", "message/rfc822"}, {"#EXTM3U", "application/x-mpegurl"},
    {"BEGIN:VCARD", "text/vcard"}, {"BEGIN:VCALENDAR", "text/calendar"},
});

std::string_view sniff(std::string_view text, bool whole) {
    if (text.starts_with("#!")) {
        if (const auto type = interpreter_type(text); !type.empty()) return type;
    }
    for (const auto& row : k_plain_starts) {
        if (text.front() == row.start.front() && text.starts_with(row.start)) return row.type;
    }
    const auto start = skip_space(text);
    if (start.empty()) return "text/plain";
    const bool markup = start.front() == '<';
    if (has_php_tag(markup ? start : start.substr(0, 16384), markup)) return "text/x-php";
    if (markup) {
        if (const auto type = markup_type(start); !type.empty()) return type;
        return "text/plain";
    }
    if (start.front() == '{' || start.front() == '[') {
        const auto part = start.substr(0, 1024);
        if (is_json(part, whole && part.size() == start.size())) return "application/json";
    }
    if (text.starts_with("From ") && text.substr(0, text.find('\n')).find(':') != std::string_view::npos && text.find("\nReceived: ") < 4096) return "application/mbox";
    if (const auto type = module_type(start); !type.empty()) return type;
    const auto code = behind_comments(start.substr(0, 16384));
    if (code.empty()) return "text/plain";
    if (is_javascript(code)) return "text/javascript";
    if (is_css(code)) return "text/css";
    if (const auto tag = start.substr(0, 1024).find("<!DOCTYPE html"); tag != std::string_view::npos && (tag == 0 || start[tag - 1] == '\n')) return "text/html";
    return "text/plain";
}

}  // namespace

std::string_view text_type(std::string_view head, std::uint64_t size) {
    // Code may be followed by what is not text: an archive behind a script, data behind __halt_compiler().
    if (has_at_nocase(head, 0, "<?php")) return "text/x-php";
    if (head.starts_with("#!")) {
        if (const auto type = interpreter_type(head); !type.empty() && (type != "text/x-script" || !has_controls(head.substr(0, k_checked)))) return type;
    }
    const bool little = head.starts_with("\xff\xfe"), big = head.starts_with("\xfe\xff");
    if ((little || big) && head.size() >= 4) {
        // UTF-16: its ASCII is enough to tell what it says.
        std::array<char, 1024> narrow;
        std::size_t count = 0;
        for (std::size_t i = 2; i + 1 < head.size() && count < narrow.size(); i += 2) {
            const auto unit = little ? base::load_le16(base::as_bytes(head), i) : base::load_be16(base::as_bytes(head), i);
            narrow[count++] = unit < 0x80 ? static_cast<char>(unit) : '\xc3';
        }
        const std::string_view text(narrow.data(), count);
        if (!has_controls(text)) return sniff(text, count * 2 + 2 >= size);
    }
    if (has_controls(head.substr(0, k_checked))) return "";
    if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
    if (head.empty()) return "text/plain";
    return sniff(head, head.size() + 3 >= size);
}

}  // namespace deadbox::content::type_rules
