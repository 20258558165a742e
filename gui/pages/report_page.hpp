// Report: what goes into it, in which formats, and what was written; by `deadbox report`.
#pragma once

#include "gui/pages/page.hpp"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QListWidget;
class QProcess;
class QPushButton;

namespace deadbox::gui {

class PlainLabel;

class ReportPage final : public Page {
    Q_OBJECT
public:
    explicit ReportPage(Frame& frame, QWidget* parent = nullptr);
    ~ReportPage() override;

    QString title() const override { return tr("Report"); }
    QIcon icon() const override { return icon_named(QStringLiteral("document-export")); }
    void caseChanged() override;

    void set_folder(const QString& folder);
    void write();
    bool is_writing() const { return m_process != nullptr; }

Q_SIGNALS:
    void written(bool well);

private:
    void build();
    QStringList arguments() const;
    void show_written(const QString& folder);
    void update_button();

    QList<QCheckBox*> m_formats;
    QComboBox *m_language, *m_redact, *m_tlp;
    QLineEdit* m_folder;
    QPushButton* m_write;
    QListWidget* m_files;
    PlainLabel* m_outcome;
    QProcess* m_process = nullptr;
};

}  // namespace deadbox::gui
