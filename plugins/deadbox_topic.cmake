# deadbox_topic(ID [PARSER file...] [DETECTOR file...] [LIBRARIES target...]): one forensic topic.
#   topic_ID           tables, events, rules and rows, made from ID/ID.json
#   topic_ID_parser    the half that runs in the worker
#   topic_ID_detector  the half that runs in the engine
set(DEADBOX_GENERATED ${CMAKE_CURRENT_BINARY_DIR}/generated)
function(deadbox_topic id)
    cmake_parse_arguments(TOPIC "" "" "PARSER;DETECTOR;LIBRARIES" ${ARGN})
    set(json ${CMAKE_CURRENT_SOURCE_DIR}/${id}/${id}.json)
    set(out ${DEADBOX_GENERATED}/${id})
    file(MAKE_DIRECTORY ${out})
    add_custom_command(OUTPUT ${out}/${id}_topic.hpp ${out}/${id}_topic.cpp
        COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/generate.py topic ${json} ${out}
        DEPENDS ${json} ${CMAKE_CURRENT_SOURCE_DIR}/generate.py VERBATIM)
    add_library(topic_${id} STATIC ${out}/${id}_topic.cpp ${out}/${id}_topic.hpp)
    target_include_directories(topic_${id} PUBLIC ${DEADBOX_GENERATED} ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(topic_${id} PUBLIC room_plugin room_base PRIVATE deadbox_warnings)
    foreach(half PARSER DETECTOR)
        if(TOPIC_${half})
            string(TOLOWER ${half} lower)
            list(TRANSFORM TOPIC_${half} PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/${id}/)
            add_library(topic_${id}_${lower} STATIC ${TOPIC_${half}})
            target_link_libraries(topic_${id}_${lower} PUBLIC topic_${id} room_plugin PRIVATE deadbox_warnings)
            if(half STREQUAL "PARSER")
                target_link_libraries(topic_${id}_parser PUBLIC $<TARGET_NAME_IF_EXISTS:room_content> $<TARGET_NAME_IF_EXISTS:room_codec> ${TOPIC_LIBRARIES})
            endif()
            set_property(GLOBAL APPEND PROPERTY DEADBOX_${half}S topic_${id}_${lower})
        endif()
    endforeach()
    set_property(GLOBAL APPEND PROPERTY DEADBOX_TOPICS topic_${id})
    set_property(GLOBAL APPEND PROPERTY DEADBOX_TOPIC_JSONS ${json})
endfunction()

# Behind the last topic: the registries over all of them.
function(deadbox_topics_end)
    get_property(jsons GLOBAL PROPERTY DEADBOX_TOPIC_JSONS)
    get_property(topics GLOBAL PROPERTY DEADBOX_TOPICS)
    get_property(parsers GLOBAL PROPERTY DEADBOX_PARSERS)
    get_property(detectors GLOBAL PROPERTY DEADBOX_DETECTORS)
    add_custom_command(
        OUTPUT ${DEADBOX_GENERATED}/topics.cpp ${DEADBOX_GENERATED}/parsers.cpp ${DEADBOX_GENERATED}/detectors.cpp
        COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/generate.py registry ${DEADBOX_GENERATED} ${jsons}
        DEPENDS ${jsons} generate.py VERBATIM)
    add_library(topics_registry STATIC ${DEADBOX_GENERATED}/topics.cpp)
    target_link_libraries(topics_registry PUBLIC room_plugin PRIVATE ${topics})
    add_library(topics_parsers STATIC ${DEADBOX_GENERATED}/parsers.cpp)
    target_link_libraries(topics_parsers PUBLIC topics_registry PRIVATE ${parsers})
    add_library(topics_detectors STATIC ${DEADBOX_GENERATED}/detectors.cpp)
    target_link_libraries(topics_detectors PUBLIC topics_registry PRIVATE ${detectors})
    # room_plugin's look-ups call topics(), which is made here.
    target_link_libraries(room_plugin INTERFACE $<LINK_ONLY:topics_registry>)
endfunction()
