# The rooms and what each may use: targets link from this table, and the include check reads it.
# A room may use itself and, through a named room, whatever that room's headers include.
set(DEADBOX_ROOMS
    "base:"
    "codec: base"
    "image: base codec"
    "content: base codec"
    "plugin: base"
    "ipc: base"
    "sandbox: base"
    "worker: image content codec plugin ipc sandbox base"
    "case: base codec plugin"
    "sets: codec base"
    "serve: ipc case base"
    "devices: base"
    "engine: devices sets case ipc plugin codec base"
    "fleet: engine case base"
    "pdf: base"
    "report: pdf case plugin base"
    "proof: codec base"
    "cli: devices sets engine fleet report case serve proof sandbox plugin codec base"
    "gui: report case serve preview ipc plugin base"
    "preview: content codec ipc sandbox base"
    "plugins: plugin content codec base"
)

# deadbox_room(NAME SOURCES file...): the static library room_NAME with what the table allows it.
function(deadbox_room name)
    cmake_parse_arguments(ROOM "" "" "SOURCES;LIBRARIES" ${ARGN})
    add_library(room_${name} STATIC ${ROOM_SOURCES})
    target_include_directories(room_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(room_${name} PUBLIC deadbox_settings ${ROOM_LIBRARIES} PRIVATE deadbox_warnings)
    foreach(row IN LISTS DEADBOX_ROOMS)
        if(row MATCHES "^${name}:(.*)$")
            string(STRIP "${CMAKE_MATCH_1}" uses)
            separate_arguments(uses)
            foreach(use IN LISTS uses)
                if(EXISTS ${CMAKE_SOURCE_DIR}/src/${use}/CMakeLists.txt)  # a room that is not built yet
                    target_link_libraries(room_${name} PUBLIC room_${use})
                endif()
            endforeach()
        endif()
    endforeach()
endfunction()
