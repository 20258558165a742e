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
    const auto tr = [](const char* text) { return QCoreApplication::translate("Link", text); };
    switch (kind) {
        case Link::Kind::none: return {};
        case Link::Kind::path: return tr(QT_TRANSLATE_NOOP("Link", "path"));
        case Link::Kind::ref: return tr(QT_TRANSLATE_NOOP("Link", "file"));
        case Link::Kind::account: return tr(QT_TRANSLATE_NOOP("Link", "account"));
        case Link::Kind::address: return tr(QT_TRANSLATE_NOOP("Link", "address"));
        case Link::Kind::time: return tr(QT_TRANSLATE_NOOP("Link", "time"));
        case Link::Kind::hash: return tr(QT_TRANSLATE_NOOP("Link", "hash"));
        case Link::Kind::finding: return tr(QT_TRANSLATE_NOOP("Link", "finding"));
        case Link::Kind::fact: return tr(QT_TRANSLATE_NOOP("Link", "fact"));
        case Link::Kind::text: return tr(QT_TRANSLATE_NOOP("Link", "text"));
    }
    return {};
}

}  // namespace deadbox::gui
