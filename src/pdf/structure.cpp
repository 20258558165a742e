#include "pdf/structure.hpp"

#include <fmt/format.h>

namespace deadbox::pdf {

Element Structure::add(Element parent, std::string_view type, std::string_view alternative, std::string_view attributes) {
    const auto element = static_cast<Element>(m_elements.size());
    m_elements.push_back({std::string(type), parent, {}, std::string(alternative), std::string(attributes)});
    m_elements[parent].kids.push_back({-1, element});
    return element;
}

int Structure::mark(Element element, std::size_t page) {
    if (m_marks.size() <= page) m_marks.resize(page + 1);
    const auto number = static_cast<std::uint32_t>(m_marks[page].size());
    m_marks[page].push_back(element);
    m_elements[element].kids.push_back({static_cast<std::int32_t>(page), number});
    return static_cast<int>(number);
}

ObjectId Structure::write(File& file, const std::vector<ObjectId>& pages) const {
    const ObjectId root = file.reserve();
    std::vector<ObjectId> ids;
    for (std::size_t i = 0; i < m_elements.size(); ++i) ids.push_back(file.reserve());
    for (std::size_t i = 0; i < m_elements.size(); ++i) {
        const Node& node = m_elements[i];
        std::string body = fmt::format("<< /Type /StructElem /S /{} /P {}", node.type, reference(i == 0 ? root : ids[node.parent]));
        if (!node.alternative.empty()) body += " /Alt " + text_string(node.alternative);
        if (!node.attributes.empty()) body += " /A << " + node.attributes + " >>";
        if (!node.kids.empty()) {
            body += " /K [";
            for (const Kid& kid : node.kids)
                body += kid.page < 0 ? reference(ids[kid.number]) + " " : fmt::format("<< /Type /MCR /Pg {} /MCID {} >> ", reference(pages[static_cast<std::size_t>(kid.page)]), kid.number);
            body += "]";
        }
        file.put(ids[i], body + " >>");
    }
    std::string numbers;
    for (std::size_t page = 0; page < m_marks.size(); ++page) {
        std::string parents = "[";
        for (const Element element : m_marks[page]) parents += reference(ids[element]) + " ";
        numbers += fmt::format("{} {} ", page, reference(file.add(parents + "]")));
    }
    const ObjectId tree = file.add("<< /Nums [" + numbers + "] >>");
    file.put(root, fmt::format("<< /Type /StructTreeRoot /K [{}] /ParentTree {} /ParentTreeNextKey {} >>", reference(ids[0]), reference(tree), m_marks.size()));
    return root;
}

}  // namespace deadbox::pdf
