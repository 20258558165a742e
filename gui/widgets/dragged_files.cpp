#include "gui/widgets/dragged_files.hpp"

#include <QUrl>

namespace deadbox::gui {

QVariant DraggedFiles::retrieveData(const QString& type, QMetaType preferred) const {
    if (!hasFormat(type)) return {};
    if (m_make) m_folder = std::exchange(m_make, nullptr)();
    if (m_folder.isEmpty()) return {};
    const auto url = QUrl::fromLocalFile(m_folder);
    if (preferred.id() == QMetaType::QByteArray || preferred.id() == QMetaType::QString) return url.toEncoded() + "\r\n";
    return QVariantList{url};
}

}  // namespace deadbox::gui
