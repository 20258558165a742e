// report.pdf: the same document as report.html, on pages. Its bytes follow from the case and the installed fonts alone.
#include <algorithm>
#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "base/resources.hpp"
#include "report/document_writer.hpp"
#include "report/pdf_pages.hpp"
#include "report/visible.hpp"

namespace deadbox::report {
namespace {

constexpr double k_logo_height = 36, k_logo_width = 160;  // points

// resources/report/fonts.json
base::Result<pdf::FontList> font_list() {
    TRY_ASSIGN(const std::string folder, base::resources_folder());
    TRY_ASSIGN(const std::string text, base::read_resource(folder + "/report/fonts.json"));
    const auto json = nlohmann::json::parse(text, nullptr, false);
    pdf::FontList list;
    const auto take = [&](const char* key) {
        std::vector<std::string> names;
        if (const auto found = json.find(key); found != json.end() && found->is_array())
            for (const auto& name : *found)
                if (name.is_string()) names.push_back(name.get<std::string>());
        return names;
    };
    if (!json.is_object()) return base::fail(base::Errc::corrupt, "resources/report/fonts.json is damaged");
    list.folders = take("folders");
    list.of_role = {take("text"), take("bold"), take("code"), take("code_bold")};
    list.fallback = take("fallback");
    return list;
}

// Head and foot of a page, and the page numbers of the contents; drawn when every page is known.
class Frame {
public:
    Frame(pdf::Document& document, const FormatInput& input, const std::vector<std::string>& named, double logo_width, double logo_height)
        : m_document(document), m_input(input), m_named(named), m_logo_width(logo_width), m_logo_height(logo_height) {}

    void draw(pdf::Canvas& canvas, std::size_t page) {
        const Report& r = m_input.report;
        canvas.begin_decoration();
        if (page == 0 && m_logo_width > 0) canvas.picture(Paginator::k_left, 20, m_logo_width, m_logo_height);  // where other pages have their head
        std::string tlp = r.tlp;
        std::transform(tlp.begin(), tlp.end(), tlp.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
        if (page > 0) put(canvas, m_input.texts.of("html.title") + (r.case_data.number.empty() ? "" : " " + visible(r.case_data.number)), 40, Anchor::start);
        if (!tlp.empty()) put(canvas, "TLP:" + tlp, 40, Anchor::end);
        put(canvas, fmt::format("deadbox {} · {}", r.run.version, r.run.custody_head.substr(0, 16)), 814, Anchor::start);
        put(canvas, m_input.texts.of("html.page", {{"page", std::to_string(page + 1)}, {"pages", std::to_string(m_document.pages())}}), 814, Anchor::end);
        for (const auto& anchor : m_named) {
            const auto* entry = m_document.place_of("contents:" + anchor);
            const auto* target = m_document.place_of(anchor);
            if (entry != nullptr && target != nullptr && entry->page == page) put(canvas, std::to_string(target->page + 1), entry->y + 11.5, Anchor::end, 10);
        }
        canvas.end_marked();
    }

private:
    void put(pdf::Canvas& canvas, std::string text, double baseline, Anchor anchor, double size = 7.5) {
        // A case number of a thousand letters is cut at the page's half.
        const pdf::TextRun run{std::move(text), {pdf::FontRole::text, size, colour_of(Tone::muted), -1}, false};
        const auto lines = pdf::break_lines(m_document.fonts(), std::span(&run, 1), Paginator::k_width / 2);
        if (!lines.empty()) canvas.text(lines.front(), m_document.fonts(), anchor == Anchor::start ? Paginator::k_left : Paginator::k_right - lines.front().width, baseline);
    }

    pdf::Document& m_document;
    const FormatInput& m_input;
    const std::vector<std::string>& m_named;
    double m_logo_width, m_logo_height;
};

}  // namespace

base::Result<void> check_logo(std::string_view png) {
    TRY(pdf::Picture::of_png(png));
    return {};
}

base::Result<void> write_pdf(const FormatInput& input, OutputFile& out) {
    const Report& r = input.report;
    TRY_ASSIGN(const auto list, font_list());
    TRY_ASSIGN(auto fonts, pdf::Fonts::load(list));
    const auto write = [&](std::string_view bytes) { out.write(bytes); };
    pdf::Document document(write, fonts, {});
    double logo_width = 0, logo_height = 0;
    if (!input.selection.logo.empty()) {
        TRY_ASSIGN(pdf::Picture logo, pdf::Picture::of_png(input.selection.logo));
        const double scale = std::min(k_logo_height / logo.height, k_logo_width / logo.width);
        logo_width = scale * logo.width, logo_height = scale * logo.height;
        document.set_picture(std::move(logo));
    }
    PdfPages pages(document);
    write_document(input, [&](const Block& block) { pages.block(block); });
    pages.end();
    pdf::Information information;
    information.title = input.texts.of("html.title") + (r.case_data.number.empty() ? "" : " " + visible(r.case_data.number));
    information.author = visible(r.case_data.examiner), information.subject = visible(r.case_data.description);
    information.creator = "deadbox " + r.run.version, information.language = r.language, information.date = r.run.finished;
    Frame frame(document, input, pages.named(), logo_width, logo_height);
    document.finish(information, [&](pdf::Canvas& canvas, std::size_t page) { frame.draw(canvas, page); });
    return {};
}

}  // namespace deadbox::report
