// Start: recent cases, and a new one from images that are dropped or chosen.
#pragma once

#include "gui/models/analysis_run.hpp"
#include "gui/pages/page.hpp"

class QListWidget;
class QStackedWidget;

namespace deadbox::gui {

class NewCaseForm;

class StartPage final : public Page {
    Q_OBJECT
public:
    explicit StartPage(Frame& frame, QWidget* parent = nullptr);

    QString title() const override { return tr("Start"); }
    QIcon icon() const override { return icon_named(QStringLiteral("go-home")); }
    bool needs_case() const override { return false; }
    void shown() override;
    bool closeLast() override;

    // Evidence of a new case; of a folder the images in it.
    void take_files(const QStringList& paths);
    void begin_case();  // shows the form
    NewCaseForm& form() const { return *m_form; }

    static QStringList recent_cases();
    static void remember_case(const QString& path);

Q_SIGNALS:
    void started(const deadbox::gui::NewCase& what);
    void batch(const QStringList& images);  // each a machine of its own

private:
    QStackedWidget* m_stack;
    QListWidget* m_recent;
    NewCaseForm* m_form;
};

}  // namespace deadbox::gui
