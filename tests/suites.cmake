# Writes the ctest entries of a test program, one a suite: a process for each case would start the
# sanitizers eight hundred times. The program names the case that failed.
#
# Usage: cmake -D PROGRAM=... -D PREFIX=... -D ENTRIES=FILE -P suites.cmake
execute_process(COMMAND ${PROGRAM} --gtest_list_tests OUTPUT_VARIABLE listed
                COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "(^|\n)[^ \n]+\\.\n" suites "\n${listed}")
set(text "")
foreach(suite ${suites})
  string(STRIP "${suite}" suite)
  string(REGEX REPLACE "\\.$" "" suite "${suite}")
  string(APPEND text "add_test(\"${PREFIX}.${suite}\" [==[${PROGRAM}]==] \"--gtest_filter=${suite}.*\")\n")
endforeach()
file(WRITE ${ENTRIES} "${text}")
