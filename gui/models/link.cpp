#include "gui/models/link.hpp"

#include <QCoreApplication>

#include "gui/models/evidence_text.hpp"
#include "gui/models/time_format.hpp"

namespace deadbox::gui {

QString label_of(const Link& link) {
    if (link.kind == Link::Kind::time && link.time) return TimeFormat().text(*link.time);
    return shown(std::string_view(link.value.constData(), static_cast<std::size_t>(link.value.size()))).text;
}

QString name_of(Link::Kind kind) {
    const auto said = [](const char* text) { return QCoreApplication::translate("Link", text); };
    switch (kind) {
        case Link::Kind::none: return {};
        case Link::Kind::path: return said(QT_TRANSLATE_NOOP("Link", "path"));
        case Link::Kind::ref: return said(QT_TRANSLATE_NOOP("Link", "file"));
        case Link::Kind::account: return said(QT_TRANSLATE_NOOP("Link", "account"));
        case Link::Kind::address: return said(QT_TRANSLATE_NOOP("Link", "address"));
        case Link::Kind::time: return said(QT_TRANSLATE_NOOP("Link", "time"));
        case Link::Kind::hash: return said(QT_TRANSLATE_NOOP("Link", "hash"));
        case Link::Kind::finding: return said(QT_TRANSLATE_NOOP("Link", "finding"));
        case Link::Kind::fact: return said(QT_TRANSLATE_NOOP("Link", "fact"));
        case Link::Kind::text: return said(QT_TRANSLATE_NOOP("Link", "text"));
        case Link::Kind::type: return said(QT_TRANSLATE_NOOP("Link", "type of record"));
    }
    return {};
}

}  // namespace deadbox::gui
