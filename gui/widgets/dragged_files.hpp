// What is dragged out of the window: a folder that is made when it is dropped, not before.
#pragma once

#include <QMimeData>

#include <functional>

namespace deadbox::gui {

class DraggedFiles final : public QMimeData {
    Q_OBJECT
public:
    // `make` gives the folder's path, "" where it could not be made. It is called once, when the data are asked for.
    explicit DraggedFiles(std::function<QString()> make) : m_make(std::move(make)) {}
    QStringList formats() const override { return {QStringLiteral("text/uri-list")}; }
    bool hasFormat(const QString& type) const override { return formats().contains(type); }

protected:
    QVariant retrieveData(const QString& type, QMetaType preferred) const override;

private:
    mutable std::function<QString()> m_make;
    mutable QString m_folder;
};

}  // namespace deadbox::gui
