// The custody log, and a button that checks everything against its hashes (`deadbox verify` as a child).
#pragma once

#include "gui/models/list_model.hpp"
#include "gui/pages/page.hpp"

class QCheckBox;
class QLineEdit;
class QProcess;
class QPushButton;

namespace deadbox::gui {

class PlainLabel;
class TableView;

class CustodyPage : public Page {
    Q_OBJECT
public:
    CustodyPage(Frame& frame, QWidget* parent);
    ~CustodyPage() override;
    QString title() const override { return tr("Custody"); }
    QIcon icon() const override { return icon_named(QStringLiteral("object-locked")); }
    void caseChanged() override;
    void shown() override { refresh(); }
    void refresh() override;
    void zoneChanged() override;
    QVariantMap place() const override;
    void restore(const QVariantMap& place) override;
    void focusFilter() override;
    bool closeLast() override;
    QString selectedText() const override;
    QString selectedJson() const override;
    // Runs the check; whole: the media too.
    void verify();

Q_SIGNALS:
    void verified(bool holds);

private:
    void finished();
    ListModel *m_model, *m_checks;
    TableView *m_table, *m_results;
    QLineEdit* m_filter;
    QPushButton *m_verify, *m_stop;
    QLineEdit* m_anchor;
    QCheckBox* m_media;
    PlainLabel *m_head, *m_outcome;
    QProcess* m_process = nullptr;
};

// The program `deadbox` that belongs to this window: beside it, else in the path.
QString deadbox_program();

}  // namespace deadbox::gui
