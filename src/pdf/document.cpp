#include "pdf/document.hpp"

#include <fmt/format.h>

namespace deadbox::pdf {
namespace {

std::string xml(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            default: out += c;
        }
    }
    return out;
}

// "D:20260302041107Z" of an RFC 3339 time in UTC.
std::string pdf_date(std::string_view rfc3339) {
    if (rfc3339.size() < 19) return {};
    std::string digits = "D:";
    for (const char c : rfc3339.substr(0, 19))
        if (c >= '0' && c <= '9') digits += c;
    return digits + "Z";
}

}  // namespace

Document::Document(File::Write write, Fonts& fonts, const PageSize& size) : m_file(write), m_fonts(fonts), m_size(size), m_embedded(fonts), m_canvas(size.height, m_embedded) {}

std::size_t Document::begin_page() {
    end_page();
    m_pages.push_back({m_file.reserve(), m_file.reserve(), {}});
    return m_pages.size() - 1;
}

void Document::end_page() {
    if (!m_pages.empty()) m_file.stream(m_pages.back().content, "", m_canvas.take());
}

void Document::anchor(std::string_view name, double y) {
    if (!name.empty()) m_anchors.try_emplace(std::string(name), Place{m_pages.size() - 1, y});
}

void Document::link(std::string_view anchor, double x, double y, double width, double height) { m_pages.back().links.push_back({std::string(anchor), x, y, width, height}); }
void Document::bookmark(int level, std::string_view title, double y) { m_bookmarks.push_back({level, std::string(title), {m_pages.size() - 1, y}}); }

const Document::Place* Document::place_of(std::string_view anchor) const {
    const auto found = m_anchors.find(anchor);
    return found == m_anchors.end() ? nullptr : &found->second;
}

std::string Document::destination(const Place& place) const { return fmt::format("[{} /XYZ 0 {} null]", reference(m_pages[place.page].id), number(m_size.height - place.y + 4)); }

// A tree of linked lists (12.3.3): every entry names its parent, neighbours, first and last child.
ObjectId Document::write_bookmarks() {
    const ObjectId root = m_file.reserve();
    struct Node {
        ObjectId id = 0;
        std::size_t parent = 0, previous = 0, next = 0, first = 0, last = 0, count = 0;  // 0: none (the root is no one's neighbour)
    };
    std::vector<Node> nodes(m_bookmarks.size() + 1);
    nodes[0].id = root;
    std::vector<std::size_t> path{0};  // the last node of each level
    for (std::size_t i = 1; i < nodes.size(); ++i) {
        nodes[i].id = m_file.reserve();
        const auto level = std::min<std::size_t>(static_cast<std::size_t>(std::max(m_bookmarks[i - 1].level, 1)), path.size());
        path.resize(level);
        Node& parent = nodes[path.back()];
        nodes[i].parent = path.back(), nodes[i].previous = parent.last;
        if (parent.last != 0) nodes[parent.last].next = i;
        else parent.first = i;
        parent.last = i, ++parent.count;
        path.push_back(i);
    }
    for (std::size_t i = 1; i < nodes.size(); ++i) {
        const Node& n = nodes[i];
        std::string body = fmt::format("<< /Title {} /Parent {} /Dest {}", text_string(m_bookmarks[i - 1].title), reference(nodes[n.parent].id), destination(m_bookmarks[i - 1].place));
        if (n.previous != 0) body += " /Prev " + reference(nodes[n.previous].id);
        if (n.next != 0) body += " /Next " + reference(nodes[n.next].id);
        if (n.first != 0) body += fmt::format(" /First {} /Last {} /Count -{}", reference(nodes[n.first].id), reference(nodes[n.last].id), n.count);
        m_file.put(n.id, body + " >>");
    }
    const Node& top = nodes[0];
    m_file.put(root, top.first == 0 ? std::string("<< /Type /Outlines >>") : fmt::format("<< /Type /Outlines /First {} /Last {} /Count {} >>", reference(nodes[top.first].id), reference(nodes[top.last].id), top.count));
    return root;
}

ObjectId Document::write_metadata(const Information& i) {
    const ObjectId id = m_file.reserve();
    const std::string date = i.date.size() >= 19 ? fmt::format("<xmp:CreateDate>{0}Z</xmp:CreateDate><xmp:ModifyDate>{0}Z</xmp:ModifyDate>", i.date.substr(0, 19)) : std::string();
    m_file.stream(id, "/Type /Metadata /Subtype /XML",
                  fmt::format("<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" "
                              "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"><dc:format>application/pdf</dc:format>"
                              "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator><dc:language><rdf:Bag><rdf:li>{}</rdf:li></rdf:Bag></dc:language>"
                              "<xmp:CreatorTool>{}</xmp:CreatorTool>{}<pdf:Producer>{}</pdf:Producer></rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>",
                              xml(i.title), xml(i.author), xml(i.language), xml(i.creator), date, xml(i.creator)));
    return id;
}

std::string Document::write_picture() {
    if (!m_picture) return {};
    const ObjectId id = m_file.reserve();
    m_file.stream(id, fmt::format("/Type /XObject /Subtype /Image /Width {} /Height {} /ColorSpace /DeviceRGB /BitsPerComponent 8", m_picture->width, m_picture->height), m_picture->rgb);
    return " /XObject << /Picture " + reference(id) + " >>";
}

void Document::finish(const Information& information, base::FunctionRef<void(Canvas&, std::size_t)> last) {
    if (m_pages.empty()) begin_page();
    end_page();
    const ObjectId tree = m_file.reserve(), resources = m_file.reserve();
    std::vector<ObjectId> ids;
    std::string kids;
    for (std::size_t page = 0; page < m_pages.size(); ++page) {
        const Page& p = m_pages[page];
        last(m_canvas, page);
        const ObjectId more = m_file.reserve();
        m_file.stream(more, "", m_canvas.take());
        std::string annotations;
        for (const Link& link : p.links) {
            const auto target = m_anchors.find(link.anchor);
            if (target == m_anchors.end()) continue;
            annotations += fmt::format("<< /Type /Annot /Subtype /Link /Rect [{} {} {} {}] /Border [0 0 0] /Dest {} >> ", number(link.x), number(m_size.height - link.y - link.height), number(link.x + link.width),
                                       number(m_size.height - link.y), destination(target->second));
        }
        m_file.put(p.id, fmt::format("<< /Type /Page /Parent {} /MediaBox [0 0 {} {}] /Resources {} /Contents [{} {}] /StructParents {} /Tabs /S{} >>", reference(tree), number(m_size.width), number(m_size.height),
                                     reference(resources), reference(p.content), reference(more), page, annotations.empty() ? "" : " /Annots [" + annotations + "]"));
        ids.push_back(p.id);
        kids += reference(p.id) + " ";
    }
    m_file.put(tree, fmt::format("<< /Type /Pages /Kids [{}] /Count {} >>", kids, m_pages.size()));
    m_file.put(resources, "<< /ProcSet [/PDF /Text] /Font << " + m_embedded.write(m_file) + ">>" + write_picture() + " >>");
    const ObjectId outlines = write_bookmarks(), structure = m_structure.write(m_file, ids), metadata = write_metadata(information);
    const ObjectId catalog = m_file.add(fmt::format("<< /Type /Catalog /Pages {} /Outlines {} /PageMode /UseOutlines /StructTreeRoot {} /MarkInfo << /Marked true >> /Metadata {} /Lang ({}) /ViewerPreferences << /DisplayDocTitle true >> >>",
                                                    reference(tree), reference(outlines), reference(structure), reference(metadata), information.language));
    const std::string date = pdf_date(information.date);
    const ObjectId info = m_file.add(fmt::format("<< /Title {} /Author {} /Subject {} /Creator {} /Producer {}{} >>", text_string(information.title), text_string(information.author), text_string(information.subject),
                                                 text_string(information.creator), text_string(information.creator), date.empty() ? "" : fmt::format(" /CreationDate ({0}) /ModDate ({0})", date)));
    m_file.finish(catalog, info);
}

}  // namespace deadbox::pdf
