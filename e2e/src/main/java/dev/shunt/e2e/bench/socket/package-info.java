/**
 * The benchmark's cells between two processes: messages to and fro, streams, short connections, on
 * loopback, through REDIRECT, from pod to pod. Client and server are one C program ({@code
 * e2e/load}), because a JVM's own noise would hide what is measured.
 */
@NullMarked
package dev.shunt.e2e.bench.socket;

import org.jspecify.annotations.NullMarked;
