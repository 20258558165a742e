#include "pdf/embedded_fonts.hpp"

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <hb-subset.h>

namespace deadbox::pdf {
namespace {

struct Subset {
    std::string program;
    std::map<std::uint32_t, std::uint32_t> renumbered;  // glyph of the font to glyph of the program
};

Subset subset_of(const Font& font, const std::vector<std::pair<std::uint32_t, std::string>>& glyphs) {
    Subset subset;
    const std::unique_ptr<hb_subset_input_t, decltype(&hb_subset_input_destroy)> input(hb_subset_input_create_or_fail(), &hb_subset_input_destroy);
    if (input == nullptr) return subset;
    hb_subset_input_set_flags(input.get(), HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_NOTDEF_OUTLINE);
    for (const auto& [glyph, text] : glyphs) hb_set_add(hb_subset_input_glyph_set(input.get()), glyph);
    hb_set_t* dropped = hb_subset_input_set(input.get(), HB_SUBSET_SETS_DROP_TABLE_TAG);
    for (const char* tag : {"GSUB", "GPOS", "GDEF", "kern", "name", "post", "DSIG", "MATH", "BASE"}) hb_set_add(dropped, hb_tag_from_string(tag, -1));
    const std::unique_ptr<hb_subset_plan_t, decltype(&hb_subset_plan_destroy)> plan(hb_subset_plan_create_or_fail(font.face(), input.get()), &hb_subset_plan_destroy);
    if (plan == nullptr) return subset;
    const std::unique_ptr<hb_face_t, decltype(&hb_face_destroy)> face(hb_subset_plan_execute_or_fail(plan.get()), &hb_face_destroy);
    if (face == nullptr) return subset;
    const hb_map_t* mapping = hb_subset_plan_old_to_new_glyph_mapping(plan.get());
    for (const auto& [glyph, text] : glyphs) subset.renumbered[glyph] = hb_map_get(mapping, glyph);
    const std::unique_ptr<hb_blob_t, decltype(&hb_blob_destroy)> blob(hb_face_reference_blob(face.get()), &hb_blob_destroy);
    unsigned int length = 0;
    const char* data = hb_blob_get_data(blob.get(), &length);
    subset.program.assign(data, length);
    return subset;
}

std::string to_unicode(const std::vector<std::pair<std::uint32_t, std::string>>& by_code) {
    std::vector<std::string> rows;
    for (std::size_t code = 1; code < by_code.size(); ++code)
        if (!by_code[code].second.empty()) rows.push_back(fmt::format("<{:04X}> <{}>\n", code, utf16_hex(by_code[code].second)));
    std::string map = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
                      "1 begincodespacerange <0000> <FFFF> endcodespacerange\n";
    for (std::size_t from = 0; from < rows.size(); from += 100) {
        const std::size_t to = std::min(rows.size(), from + 100);
        map += fmt::format("{} beginbfchar\n", to - from);
        for (std::size_t i = from; i < to; ++i) map += rows[i];
        map += "endbfchar\n";
    }
    return map + "endcmap CMapName currentdict /CMap defineresource pop end end\n";
}

// "AAAAAB+": six letters before the name of a subset.
std::string tag(std::size_t index) {
    std::string letters(6, 'A');
    for (auto at = letters.rbegin(); at != letters.rend() && index > 0; ++at, index /= 26) *at = static_cast<char>('A' + index % 26);
    return letters + "+";
}

}  // namespace

std::uint16_t EmbeddedFonts::code(std::size_t font, std::uint32_t glyph, std::string_view text) {
    Used& used = m_used[font];
    const auto [found, added] = used.codes.try_emplace({glyph, std::string(text)}, static_cast<std::uint16_t>(used.by_code.size()));
    if (!added) return found->second;
    if (used.by_code.size() == 0xffff) {  // no font of ours has as many; the glyph is then shown by its first code
        used.codes.erase(found);
        const auto any = used.codes.lower_bound({glyph, ""});
        return any != used.codes.end() && any->first.first == glyph ? any->second : 0;
    }
    used.by_code.emplace_back(glyph, text);
    return found->second;
}

void EmbeddedFonts::write_one(File& file, ObjectId id, std::size_t index, const Used& used) {
    const Font& font = m_fonts[index];
    const Subset subset = subset_of(font, used.by_code);
    const std::string name = tag(index) + font.postscript_name();
    const FontMetrics& m = font.metrics();
    const ObjectId program = file.reserve(), glyphs = file.reserve(), unicode = file.reserve();
    file.stream(program, fmt::format("/Length1 {}", subset.program.size()), subset.program);
    std::string map;
    std::string widths;
    for (std::size_t code = 0; code < used.by_code.size(); ++code) {
        const auto found = subset.renumbered.find(used.by_code[code].first);
        const std::uint32_t glyph = found == subset.renumbered.end() ? 0 : found->second;
        map += static_cast<char>(glyph >> 8), map += static_cast<char>(glyph & 0xff);
        widths += number(font.nominal_advance(used.by_code[code].first)) + " ";
    }
    file.stream(glyphs, "", map);
    file.stream(unicode, "", to_unicode(used.by_code));
    const ObjectId descriptor = file.add(fmt::format("<< /Type /FontDescriptor /FontName /{} /Flags 4 /FontBBox [-1000 {} 2000 {}] /ItalicAngle 0 /Ascent {} /Descent {} /CapHeight {} /StemV 80 /FontFile2 {} >>", name,
                                                     number(m.descent), number(m.ascent), number(m.ascent), number(m.descent), number(m.cap_height), reference(program)));
    const ObjectId descendant = file.add(fmt::format("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor {} /DW 0 /W [0 [{}]] /CIDToGIDMap {} >>",
                                                     name, reference(descriptor), widths, reference(glyphs)));
    file.put(id, fmt::format("<< /Type /Font /Subtype /Type0 /BaseFont /{} /Encoding /Identity-H /DescendantFonts [{}] /ToUnicode {} >>", name, reference(descendant), reference(unicode)));
}

std::string EmbeddedFonts::write(File& file) {
    std::string entries;
    for (const auto& [index, used] : m_used) {
        const ObjectId id = file.reserve();
        write_one(file, id, index, used);
        entries += fmt::format("/F{} {} ", index, reference(id));
    }
    return entries;
}

}  // namespace deadbox::pdf
