// Report: what goes into it, in which formats, how it will read, and what was written; by `deadbox report`.
#pragma once

#include <QPointer>

#include "gui/pages/page.hpp"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QProcess;
class QPushButton;
class QSplitter;
class QTimer;
class QVBoxLayout;

namespace deadbox::gui {

class PlainLabel;
class ReportPreview;

class ReportPage final : public Page {
    Q_OBJECT
public:
    explicit ReportPage(Frame& frame, QWidget* parent = nullptr);
    ~ReportPage() override;

    QString title() const override { return tr("Report"); }
    QIcon icon() const override { return icon_named(QStringLiteral("document-export")); }
    void caseChanged() override;
    void shown() override { refresh(); }
    void refresh() override;

    void set_folder(const QString& folder);
    // A picture file of any kind that Qt reads; it goes into the report as a PNG.
    void set_logo(const QString& path);
    // What `deadbox report` is started with.
    QStringList arguments() const;
    void write();
    bool is_writing() const { return m_process != nullptr; }
    QListWidget* sections() const { return m_sections; }
    ReportPreview* preview() const { return m_preview; }

Q_SIGNALS:
    void written(bool well);
    void previewed();

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Answer;
    void build();
    QWidget* make_choices();
    void add_formats(QVBoxLayout& column);
    void add_sections(QVBoxLayout& column);
    void add_form(QVBoxLayout& column);
    void show_written(const QString& folder);
    void update_button();
    void show_preview(Answer& answer);
    void choice_changed();
    QStringList chosen_sections() const;  // none: all

    QList<QCheckBox*> m_formats;
    QListWidget* m_sections = nullptr;
    QComboBox *m_findings = nullptr, *m_language = nullptr, *m_redact = nullptr, *m_tlp = nullptr;
    QLineEdit* m_folder = nullptr;
    QPushButton *m_write = nullptr, *m_logo_button = nullptr;
    QLabel* m_logo_shown = nullptr;
    QByteArray m_logo;  // PNG
    QString m_logo_file;  // its file for the program, while the page lives
    QListWidget* m_files = nullptr;
    PlainLabel *m_outcome = nullptr, *m_state = nullptr;
    ReportPreview* m_preview = nullptr;
    QSplitter* m_parts = nullptr;
    QTimer* m_pause = nullptr;
    Ticket m_previewing;
    bool m_making = false, m_stale = false;  // a preview is under way; the case has changed meanwhile
    QPointer<QProcess> m_process;
};

}  // namespace deadbox::gui
