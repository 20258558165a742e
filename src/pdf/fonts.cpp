#include "pdf/fonts.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

#include <fmt/format.h>
#include <hb-ot.h>

namespace deadbox::pdf {
namespace {

// Every TrueType file below the folders, name to path; of equal names the first path counts.
std::map<std::string, std::string> installed(const std::vector<std::string>& folders) {
    std::map<std::string, std::string> found;
    for (const auto& folder : folders) {
        std::error_code error;
        for (std::filesystem::recursive_directory_iterator at(folder, std::filesystem::directory_options::skip_permission_denied, error), end; !error && at != end; at.increment(error)) {
            if (at->path().extension() != ".ttf") continue;
            auto& path = found[at->path().filename().string()];
            if (path.empty() || at->path().string() < path) path = at->path().string();
        }
    }
    return found;
}

bool has_table(hb_face_t* face, hb_tag_t tag) {
    const std::unique_ptr<hb_blob_t, decltype(&hb_blob_destroy)> table(hb_face_reference_table(face, tag), &hb_blob_destroy);
    return hb_blob_get_length(table.get()) > 0;
}

}  // namespace

std::unique_ptr<Font> Font::open(const std::string& path) {
    const std::unique_ptr<hb_blob_t, decltype(&hb_blob_destroy)> blob(hb_blob_create_from_file_or_fail(path.c_str()), &hb_blob_destroy);
    if (blob == nullptr) return nullptr;
    auto font = std::unique_ptr<Font>(new Font);
    font->m_face.reset(hb_face_create(blob.get(), 0));
    if (hb_face_get_glyph_count(font->face()) == 0 || !has_table(font->face(), HB_TAG('g', 'l', 'y', 'f')) || has_table(font->face(), HB_TAG('f', 'v', 'a', 'r'))) return nullptr;
    hb_face_make_immutable(font->face());
    font->m_font.reset(hb_font_create(font->face()));
    font->m_units = hb_face_get_upem(font->face());
    const auto metric = [&](hb_ot_metrics_tag_t tag, double otherwise) {
        hb_position_t value = 0;
        return hb_ot_metrics_get_position(font->shaper(), tag, &value) != 0 ? 1000.0 * value / font->m_units : otherwise;
    };
    font->m_metrics = {metric(HB_OT_METRICS_TAG_HORIZONTAL_ASCENDER, 900), metric(HB_OT_METRICS_TAG_HORIZONTAL_DESCENDER, -220), metric(HB_OT_METRICS_TAG_CAP_HEIGHT, 700)};
    return font;
}

std::string Font::postscript_name() const {
    std::array<char, 128> name{};
    unsigned int length = name.size();
    hb_ot_name_get_utf8(face(), HB_OT_NAME_ID_POSTSCRIPT_NAME, HB_LANGUAGE_INVALID, &length, name.data());
    std::string text(name.data());
    std::erase_if(text, [](char c) { return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'); });
    return text.empty() ? "Font" : text;
}

bool Font::has(std::uint32_t code_point) const {
    hb_codepoint_t glyph = 0;
    return hb_font_get_nominal_glyph(shaper(), code_point, &glyph) != 0;
}

double Font::nominal_advance(std::uint32_t glyph) const { return 1000.0 * hb_font_get_glyph_h_advance(shaper(), glyph) / m_units; }

base::Result<Fonts> Fonts::load(const FontList& list) {
    Fonts fonts;
    const auto files = installed(list.folders);
    std::map<std::string, std::size_t> opened;
    std::set<std::string> used;
    for (std::size_t role = 0; role < k_font_roles; ++role) {
        for (const auto& name : list.of_role[role]) {
            const auto file = files.find(name);
            if (file == files.end()) continue;
            if (!opened.contains(name)) {
                auto font = Font::open(file->second);
                if (font == nullptr) continue;
                opened[name] = fonts.m_fonts.size();
                fonts.m_fonts.push_back(std::move(font));
            }
            fonts.m_of_role[role].push_back(opened[name]);
        }
        if (fonts.m_of_role[role].empty())
            return base::fail(base::Errc::not_found, fmt::format("none of the fonts for the PDF is installed ({}): install fonts-noto-core and fonts-dejavu-core, or name others in resources/report/fonts.json",
                                                                 list.of_role[role].empty() ? "none is named" : list.of_role[role].front()));
    }
    for (const auto& pattern : list.fallback)
        for (const auto& [name, path] : files)
            if (::fnmatch(pattern.c_str(), name.c_str(), 0) == 0 && used.insert(name).second) fonts.m_fallback_paths.push_back(path);
    return fonts;
}

std::size_t Fonts::choose(FontRole role, std::uint32_t code_point) {
    if (const auto known = m_chosen.find({role, code_point}); known != m_chosen.end()) return known->second;
    const auto search = [&]() -> std::size_t {
        for (const auto index : m_of_role[static_cast<std::size_t>(role)])
            if (m_fonts[index]->has(code_point)) return index;
        for (const auto index : m_fallback)
            if (m_fonts[index]->has(code_point)) return index;
        while (m_next < m_fallback_paths.size()) {
            auto font = Font::open(m_fallback_paths[m_next++]);
            if (font == nullptr) continue;
            const bool has = font->has(code_point);
            m_fallback.push_back(m_fonts.size());
            m_fonts.push_back(std::move(font));
            if (has) return m_fonts.size() - 1;
        }
        return first(role);
    };
    return m_chosen[{role, code_point}] = search();
}

}  // namespace deadbox::pdf
