/**
 * HTTP read out of copies of bytes that a connection carried. Pure: whoever sees plaintext feeds
 * it.
 *
 * <ol>
 *   <li>Each piece of a connection comes as a {@link dev.shunt.observe.http.Segment}: its way,
 *       where it lies, its length, and as much of its beginning as was copied.
 *   <li>A {@link dev.shunt.observe.http.HttpConversation} finds the protocol in the first bytes,
 *       and out of which way requests come.
 *   <li>Bodies are passed by count, whether they were copied or not. Where bytes are missing whose
 *       count is not enough, it goes on once it is certain again which request a response belongs
 *       to (HTTP/1), or gives the connection up (HTTP/2, whose headers cannot be read without those
 *       before); both are told.
 *   <li>Each request is told once, with its response, as an {@link
 *       dev.shunt.observe.http.HttpExchange}. Query strings are dropped while reading, and headers,
 *       but for the {@link dev.shunt.observe.http.TraceContext}.
 *   <li>What a conversation keeps is bounded, and known: whoever keeps many of them forgets the
 *       oldest. What is too large to be read is given up and told as lost.
 * </ol>
 */
@NullMarked
package dev.shunt.observe.http;

import org.jspecify.annotations.NullMarked;
