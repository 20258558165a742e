#include "cli/cover_page.hpp"

#include "report/html_writer.hpp"

namespace deadbox::cli {
namespace {

constexpr std::size_t k_columns = 100;
constexpr std::string_view k_command = "    ";

template <class Visit>
void for_each_line(std::string_view page, Visit visit) {
    while (!page.empty()) {
        const auto end = page.find('\n');
        visit(page.substr(0, end));
        page.remove_prefix(end == std::string_view::npos ? page.size() : end + 1);
    }
}

std::string broken(std::string_view line, std::string_view indent) {
    std::string out;
    std::size_t column = 0;
    while (!line.empty()) {
        const auto space = line.find(' ');
        const auto word = line.substr(0, space);
        line.remove_prefix(space == std::string_view::npos ? line.size() : space + 1);
        if (column > indent.size() && column + 1 + word.size() > k_columns) {
            (out += '\n') += indent;
            column = indent.size();
        } else if (column > 0) {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
    }
    return out += '\n';
}

}  // namespace

std::string as_plain_text(std::string_view page) {
    std::string out;
    for_each_line(page, [&](std::string_view line) {
        if (line.starts_with("#")) {
            const bool title = !line.starts_with("##");
            line.remove_prefix(title ? 2 : 3);
            ((out += line) += '\n').append(line.size(), title ? '=' : '-') += '\n';
        } else if (line.starts_with(k_command)) {
            (out += line) += '\n';
        } else {
            out += broken(line, line.starts_with("- ") ? "  " : "");
        }
    });
    return out;
}

std::string as_html(std::string_view page, const report::Texts& texts) {
    report::HtmlWriter h(texts);
    std::string_view open;  // the element that is not closed yet
    const auto change = [&](std::string_view to) {
        if (open == to) return;
        if (!open.empty()) h.raw("</").raw(open).raw(">\n");
        if (!to.empty()) h.raw("<").raw(to).raw(">");
        open = to;
    };
    h.raw("<!DOCTYPE html>\n<html lang=").raw(texts.language()).raw("><head><meta charset=utf-8><meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">"
          "<meta name=viewport content=\"width=device-width\"><title>Deadbox</title><style>body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em}"
          "pre{background:#8882;padding:.6em;overflow-x:auto}li{margin:.3em 0}:root{color-scheme:light dark}</style></head><body>\n");
    for_each_line(page, [&](std::string_view line) {
        if (line.empty()) return change("");
        if (line.starts_with("#")) {
            const bool title = !line.starts_with("##");
            change("");
            h.raw(title ? "<h1>" : "<h2>").text(line.substr(title ? 2 : 3)).raw(title ? "</h1>\n" : "</h2>\n");
        } else if (line.starts_with(k_command)) {
            change("pre");
            h.text(line.substr(k_command.size())).raw("\n");
        } else if (line.starts_with("- ")) {
            change("ul");
            h.raw("<li>").text(line.substr(2)).raw("</li>\n");
        } else {
            if (open == "p") h.raw("<br>\n");
            change("p");
            h.text(line);
        }
    });
    change("");
    h.raw("</body></html>\n");
    return h.take();
}

}  // namespace deadbox::cli
