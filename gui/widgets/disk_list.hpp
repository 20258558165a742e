// The disks that are attached to this workstation, as `deadbox info --devices` lists them; whether the workstation can
// change them; and, before another one is attached, whether it would.
#pragma once

#include <QWidget>

class QProcess;
class QPushButton;
class QTreeWidget;

namespace deadbox::gui {

class PlainLabel;

class DiskList final : public QWidget {
    Q_OBJECT
public:
    explicit DiskList(QWidget* parent = nullptr);
    ~DiskList() override;

    void look_again();
    // Lines of JSON as the program prints them.
    void take(const QByteArray& json);
    int count() const;

Q_SIGNALS:
    // `warning`: what can write to the disk now, "" for nothing.
    void chosen(const QString& path, const QString& warning);
    void failed(const QString& what, const QString& details);

private:
    void choose();

    PlainLabel *m_rule, *m_hint;
    QTreeWidget* m_disks;
    QPushButton *m_use, *m_again;
    QProcess* m_asking = nullptr;
};

}  // namespace deadbox::gui
