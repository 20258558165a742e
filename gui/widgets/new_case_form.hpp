// What a new case is made of: evidence with what was recognized in it at once, case data, profile, where it is kept, and how the
// media are read. Who examines, and how, is remembered from case to case; what is of one case is not.
#pragma once

#include <QWidget>

#include <memory>

#include "gui/models/analysis_run.hpp"

class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QProcess;
class QPushButton;
class QSpinBox;
class QTreeWidget;
class QTreeWidgetItem;

namespace deadbox::gui {

class DiskList;
class OwnFilesList;
class PlainLabel;

class NewCaseForm final : public QWidget {
    Q_OBJECT
public:
    explicit NewCaseForm(QWidget* parent = nullptr);
    ~NewCaseForm() override;

    // Files or attached disks; what is inside is asked for and shown below each. Disks are opened first.
    void add_evidence(const QStringList& paths);
    void clear();
    bool is_empty() const;
    NewCase what() const;
    DiskList& disks() const { return *m_disk_list; }
    OwnFilesList& own_files() const { return *m_own_files; }

Q_SIGNALS:
    void started(const deadbox::gui::NewCase& what);
    void cancelled();
    void failed(const QString& what, const QString& details);

private:
    QString waiting_disk() const;  // one that was chosen and is not open yet; "" for none
    QTreeWidgetItem* item_of(const QString& path) const;
    void refuse(const QString& path, const QString& words);
    void recognize(const QString& path);
    void take(const QString& path, const QByteArray& json, const QString& words);
    void propose_output();
    void update_start();
    void choose_output();
    QWidget* make_details();
    void recall();
    void remember() const;

    QTreeWidget* m_evidence;
    DiskList* m_disk_list;
    OwnFilesList* m_own_files;
    OpenDisks m_disks;
    QList<QProcess*> m_asking;
    QLineEdit *m_number, *m_examiner, *m_organisation, *m_authority, *m_scope, *m_exclude, *m_zone, *m_output, *m_expected, *m_clock_source;
    QPlainTextEdit* m_description;
    QComboBox *m_profile, *m_digests, *m_journal;
    QSpinBox* m_clock_offset;
    PlainLabel* m_missing;
    QPushButton* m_start;
    bool m_output_by_hand = false;
};

}  // namespace deadbox::gui
