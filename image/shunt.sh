#!/bin/sh
# Entry point of the image: the sub-command with the JVM settings of its kind.
# SHUNT_JAVA_ARGS: more arguments for the JVM.
case ${1:-} in
  node)
    settings=$1
    # What is free at the end of an arena of the C library goes back to the system above this.
    export MALLOC_TRIM_THRESHOLD_=131072
    ;;
  control-plane) settings=$1 ;;
  *) settings=command ;;
esac
# shellcheck disable=SC2086 # several arguments
exec /opt/shunt/jre/bin/java "@/opt/shunt/jvm/$settings" ${SHUNT_JAVA_ARGS:-} dev.shunt.ShuntMain "$@"
