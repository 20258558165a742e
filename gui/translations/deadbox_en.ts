<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_GB">
    <context>
        <name>TimeFormat</name>
        <message numerus="yes">
            <source>%n second(s)</source>
            <translation>
                <numerusform>%n second</numerusform>
                <numerusform>%n seconds</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n minute(s)</source>
            <translation>
                <numerusform>%n minute</numerusform>
                <numerusform>%n minutes</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n hour(s)</source>
            <translation>
                <numerusform>%n hour</numerusform>
                <numerusform>%n hours</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n day(s)</source>
            <translation>
                <numerusform>%n day</numerusform>
                <numerusform>%n days</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::CustodyPage</name>
        <message numerus="yes">
            <source>%n part(s) differ</source>
            <translation>
                <numerusform>%n part differs</numerusform>
                <numerusform>%n parts differ</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>What could be checked holds; %n part(s) could not be</source>
            <translation>
                <numerusform>What could be checked holds; %n part could not be</numerusform>
                <numerusform>What could be checked holds; %n parts could not be</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::FindingCard</name>
        <message numerus="yes">
            <source>Rests on %n item(s)</source>
            <translation>
                <numerusform>Rests on %n item</numerusform>
                <numerusform>Rests on %n items</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Show %n more</source>
            <translation>
                <numerusform>Show %n more</numerusform>
                <numerusform>Show %n more</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Comment on these %n findings</source>
            <translation>
                <numerusform>Comment on this %n finding</numerusform>
                <numerusform>Comment on these %n findings</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Add to all %n</source>
            <translation>
                <numerusform>Add to this %n</numerusform>
                <numerusform>Add to all %n</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::FindingsPage</name>
        <message numerus="yes">
            <source>%n finding(s): %1.</source>
            <translation>
                <numerusform>%n finding: %1.</numerusform>
                <numerusform>%n findings: %1.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Select the %n finding(s) of this group</source>
            <translation>
                <numerusform>Select the %n finding of this group</numerusform>
                <numerusform>Select the %n findings of this group</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::OverviewPage</name>
        <message numerus="yes">
            <source>and %n more</source>
            <translation>
                <numerusform>and %n more</numerusform>
                <numerusform>and %n more</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>and %n more, in Coverage</source>
            <translation>
                <numerusform>and %n more, in Coverage</numerusform>
                <numerusform>and %n more, in Coverage</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n dismissed, not counted</source>
            <translation>
                <numerusform>%n dismissed, not counted</numerusform>
                <numerusform>%n dismissed, not counted</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln volume(s)</source>
            <translation>
                <numerusform>%Ln volume</numerusform>
                <numerusform>%Ln volumes</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::StoryView</name>
        <message numerus="yes">
            <source>and %n more; the timeline has all</source>
            <translation>
                <numerusform>and %n more; the timeline has all</numerusform>
                <numerusform>and %n more; the timeline has all</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::DiffView</name>
        <message numerus="yes">
            <source>          … %n equal line(s)</source>
            <translation>
                <numerusform>          … %n equal line</numerusform>
                <numerusform>          … %n equal lines</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::EntitiesPage</name>
        <message numerus="yes">
            <source>%1, %2: %n row(s) with %3</source>
            <translation>
                <numerusform>%1, %2: %n row with %3</numerusform>
                <numerusform>%1, %2: %n rows with %3</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::FilesPage</name>
        <message numerus="yes">
            <source>%Ln entry(s)</source>
            <translation>
                <numerusform>%Ln entry</numerusform>
                <numerusform>%Ln entries</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>deadbox::gui::TimelinePage</name>
        <message numerus="yes">
            <source>%Ln record(s)</source>
            <translation>
                <numerusform>%Ln record</numerusform>
                <numerusform>%Ln records</numerusform>
            </translation>
        </message>
    </context>
</TS>
