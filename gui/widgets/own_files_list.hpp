// The examiner's own sets and rules for a new case: added, removed, and what each was recognized as, which the program says.
#pragma once

#include <QWidget>

class QProcess;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace deadbox::gui {

struct NewCase;

class OwnFilesList final : public QWidget {
    Q_OBJECT
public:
    explicit OwnFilesList(QWidget* parent = nullptr);
    ~OwnFilesList() override;

    // Files, or folders of rules; what each is is asked for and shown.
    void add(const QStringList& paths);
    void clear();
    int count() const;
    // Why an analysis cannot begin with these: one is being looked at, or cannot be used. "" where it can.
    QString missing() const;
    void put_into(NewCase& what) const;

Q_SIGNALS:
    void changed();

private:
    QTreeWidgetItem* item_of(const QString& path) const;
    void recognize(const QString& path);
    void take(const QString& path, const QByteArray& lines, const QString& words);
    void take_rules(QTreeWidgetItem& item, const QByteArray& lines);

    QTreeWidget* m_files;
    QPushButton* m_remove;
    QList<QProcess*> m_asking;
};

}  // namespace deadbox::gui
