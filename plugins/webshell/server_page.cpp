#include "webshell/server_page.hpp"
#include "webshell/letters.hpp"

#include <algorithm>

#include "plugin/secret_value.hpp"

namespace deadbox::plugins::webshell {
namespace {

constexpr std::size_t k_most_blocks = 20'000, k_whole_head = 60'000;

// Text and not an accident in binary data.
bool is_text(std::string_view code) {
    return std::none_of(code.begin(), code.end(), [](char c) { return static_cast<unsigned char>(c) < 32 && !is_blank(c) && c != '\f'; });
}

// The word of "<%@ word": one that page servers know, and something behind it.
bool is_directive(std::string_view code) {
    static constexpr std::string_view words[] = {"page", "include", "taglib", "tag", "import", "attribute", "variable", "webhandler", "webservice", "control", "master", "application",
                                                 "assembly", "register", "servicehost", "implements", "language", "codepage", "lcid", "enablesessionstate", "transaction"};
    if (!code.starts_with('@') || code.size() > 2000) return false;
    auto at = code.find_first_not_of(" \t\r\n", 1);
    if (at == code.npos) return false;
    const auto from = at;
    while (at < code.size() && is_name(code[at])) ++at;
    const auto word = plugin::lowered(code.substr(from, at - from));
    return std::find(std::begin(words), std::end(words), word) != std::end(words) && code.find('=', at) != code.npos;
}

// Marks of template languages that share "<%" with pages.
bool is_template(std::string_view text, const std::vector<PageBlock>& blocks) {
    for (const std::string_view mark : {"</%", "<%%", "%%>", "<%perl>", "<%args>", "<%init>", "<%def", "<%doc>", "<%method", "<%attr>", "<%flags>", "<%once>", "<%shared>", "<%page args", "<%inherit", "<%namespace", "<%block"})
        if (text.find(mark) != text.npos) return true;
    return std::any_of(blocks.begin(), blocks.end(), [](const auto& b) {
        if (b.script_tag || b.code.empty()) return false;
        if (b.code.front() == '-' && !b.code.starts_with("--")) return true;  // EJS and ERB trim blanks so; JSP comments begin with two
        if (b.code.back() == '-' && !b.code.ends_with("--")) return true;
        // Ruby's and JavaScript's ways to open a block.
        const auto end = b.code.find_last_not_of(" \t\r\n");
        const auto code = end == b.code.npos ? std::string_view{} : b.code.substr(0, end + 1);
        return code.ends_with(" do") || (code.ends_with('|') && code.find("do |") != code.npos) || code == " end" || code.ends_with("=> {");
    });
}

// Keywords that only a page server's objects have; `text` is bare code without blanks around dots and brackets.
bool has_keyword(std::string_view text) {
    static constexpr std::string_view words[] = {
        "server.createobject(", "server.scripttimeout", "session.timeout", "server.mappath(", "request.form", "request.querystring", "request.servervariables", "request.binaryread", "request.totalbytes", "request.item[", "request(", "response.write",
        "response.binarywrite", "executeglobal", "execute(request", "execute request", "eval(request", "eval request",
        "request.getparameter(", "request.getinputstream(", "request.getheader(", "request.getreader(", "response.getwriter(", "response.getoutputstream(", "runtime.getruntime(", "out.print(", "out.println(",
        "pagecontext.", "application.getrealpath(", "session.getattribute(", "session.setattribute(", "classloader", "processbuilder(",
        "system.diagnostics.", "system.io.", "system.web.", "system.reflection.", "request.files[", "request.params[", "request[", "process.start("};
    return std::any_of(std::begin(words), std::end(words), [&](auto word) {
        for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1))
            if (at == 0 || (!is_name(text[at - 1]) && text[at - 1] != '$' && text[at - 1] != '@' && text[at - 1] != ':')) return true;
        return false;
    });
}

std::string without_gaps(std::string_view code) {
    std::string out;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (is_blank(code[i]) && (out.empty() || !is_name(out.back()) || i + 1 >= code.size() || !is_name(code[i + 1]))) continue;
        out += is_blank(code[i]) ? ' ' : code[i];
    }
    return out;
}

}  // namespace

std::vector<PageBlock> page_blocks(std::string_view text) {
    std::vector<PageBlock> blocks;
    std::size_t at = 0;
    while (blocks.size() < k_most_blocks) {
        const auto mark = text.find('<', at);
        if (mark == text.npos) break;
        at = mark + 1;
        if (text.substr(mark, 2) == "<%") {
            const auto from = mark + 2, end = text.find("%>", from);
            blocks.push_back({from, text.substr(from, end == text.npos ? text.npos : end - from), end != text.npos, false});
            at = end == text.npos ? text.size() : end + 2;
        } else if (text.size() - mark > 7 && plugin::lowered(text.substr(mark, 7)) == "<script") {
            const auto close = text.find('>', mark);
            if (close == text.npos || close - mark > 300) continue;
            const auto tag = without_gaps(plugin::lowered(text.substr(mark, close - mark)));
            if (tag.find("runat=server") == tag.npos && tag.find("runat=\"server\"") == tag.npos && tag.find("runat='server'") == tag.npos) continue;
            auto end = close;
            do end = text.find("</", end + 1);
            while (end != text.npos && plugin::lowered(text.substr(end, 8)) != "</script");
            blocks.push_back({close + 1, text.substr(close + 1, end == text.npos ? text.npos : end - close - 1), end != text.npos, true});
            at = end == text.npos ? text.size() : end + 2;
        }
    }
    return blocks;
}

std::string bare_code(std::string_view code) {
    auto out = plugin::lowered(code);
    std::size_t line = 0;
    while (line < out.size()) {
        const auto end = std::min(out.find('\n', line), out.size());
        bool quoted = false, only_blanks = true;
        for (auto i = line; i < end; ++i) {
            const char c = out[i];
            if (quoted) {
                if (c == '\\' && i + 1 < end && out[i + 1] == '"') { out[i] = out[i + 1] = ' '; ++i; continue; }
                if (c == '"') quoted = false;
                else out[i] = ' ';
                continue;
            }
            const auto rest = std::string_view(out).substr(i, end - i);
            const bool comment = (c == '\'' && (only_blanks || is_blank(out[i - 1])) && rest.find(';') == rest.npos) || (only_blanks && (rest.starts_with("rem ") || rest.starts_with("//")));
            if (comment) {
                std::fill(out.begin() + static_cast<std::ptrdiff_t>(i), out.begin() + static_cast<std::ptrdiff_t>(end), ' ');
                break;
            }
            if (c == '"') quoted = true;
            if (!is_blank(c)) only_blanks = false;
        }
        line = end + 1;
    }
    return out;
}

Language page_language(std::string_view text) {
    for (const std::string_view tag : {"<cfexecute", "<CFEXECUTE", "<cffile", "<CFFILE", "<cfquery", "<CFQUERY", "<cfset ", "<CFSET ", "<cfobject", "<CFOBJECT"})
        if (const auto at = text.find(tag); at != text.npos && text.find('>', at) != text.npos && text.find('\0') == text.npos) return Language::coldfusion;
    if (text.find("<%") == text.npos && text.find("unat") == text.npos && text.find("UNAT") == text.npos) return Language::none;
    auto blocks = page_blocks(text);
    // The last block of a head goes on behind it.
    if (text.size() >= k_whole_head && !blocks.empty()) blocks.back().closed = true;
    std::erase_if(blocks, [](const auto& b) { return !b.closed || b.code.find("<%") != b.code.npos || !is_text(b.code); });
    std::string code;      // of all blocks, lower case
    bool directive = false, encoded = false, keyword = false, script = false;
    for (const auto& b : blocks) {
        code += plugin::lowered(b.code) + '\n';
        if (b.code.starts_with("#@~^") || (b.script_tag && b.code.find("#@~^") != b.code.npos)) encoded = true;
        else if (is_directive(b.code)) directive = true;
        else if (b.script_tag) script = true;
        else if (!b.code.starts_with('#') && !keyword) keyword = has_keyword(without_gaps(bare_code(b.code)));
    }
    if (!directive && !encoded && !script && (!keyword || is_template(text, blocks))) return Language::none;
    const auto has = [&](std::string_view part) { return code.find(part) != code.npos; };
    if (encoded) return Language::asp;
    if (has("import=\"java") || has("import = \"java") || has("java.io") || has("java.util") || has("java.lang") || has("runtime.getruntime") || has("request.getparameter")) return Language::jsp;
    if (has("system.") || has("webhandler") || has("webservice") || has("language=\"c#\"") || has("language=\"jscript\"") || has("request.item[")) return Language::aspx;
    if (has("java.") || has("@page") || has("@ page import") || has("out.print") || has("getinputstream") || has("taglib") || has("pagecontext.")) return Language::jsp;
    return directive || script || keyword ? Language::asp : Language::none;
}

std::string code_alone(std::string_view text) {
    std::string out(text);
    for (auto& c : out) if (c != '\n') c = ' ';
    for (const auto& b : page_blocks(text)) {
        if (!b.closed) continue;
        // A handler's or a service's code stands behind its directive, without marks.
        const auto start = plugin::lowered(b.code.substr(0, 40));
        if (is_directive(b.code) && (start.find("webhandler") != start.npos || start.find("webservice") != start.npos))
            return std::string(text);
        const auto from = b.script_tag ? text.rfind('<', b.offset - 1) : b.offset - 2;
        const auto to = std::min(text.size(), b.offset + b.code.size() + 2);
        std::copy(text.begin() + static_cast<std::ptrdiff_t>(from), text.begin() + static_cast<std::ptrdiff_t>(to), out.begin() + static_cast<std::ptrdiff_t>(from));
    }
    return out;
}

}  // namespace deadbox::plugins::webshell
