package dev.shunt.agent;

import dev.shunt.datapath.layout.TapRecord;
import dev.shunt.observe.Side;
import dev.shunt.observe.TapPiece.TapConnection;
import dev.shunt.observe.TapPiece.TapEnd;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Numbers the connections of one tap. An end that closes takes its addresses along, so those of the
 * first sight are kept. One thread.
 */
final class TapConnections {
  /** As many as the data path can hold; the one that was silent longest is forgotten first. */
  private static final int MAX = 65536;

  private final LongFunction<String> namespaceName;
  private final Map<Long, TapConnection> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, TapConnection> eldest) {
          return size() > MAX;
        }
      };
  private long count;

  TapConnections(LongFunction<String> namespaceName) {
    this.namespaceName = namespaceName;
  }

  TapConnection of(TapRecord record) {
    return known.computeIfAbsent(
        record.u64("nonce"),
        nonce -> {
          TapEnd client = end(record.end(Side.ACTIVE.number()));
          TapEnd server = end(record.end(Side.PASSIVE.number()));
          return new TapConnection(
              ++count,
              client.cookie() == 0 ? mirror(server) : client,
              server.cookie() == 0 ? mirror(client) : server);
        });
  }

  private TapEnd end(TapRecord.End end) {
    return new TapEnd(
        end.u64("cookie"),
        end.u64("cookie") == 0 ? "" : namespaceName.apply(end.u64("netns_cookie")),
        new InetSocketAddress(end.address("local"), end.port("local_port")),
        new InetSocketAddress(end.address("remote"), end.port("remote_port")));
  }

  /** What the end that is gone would have seen, if nothing between the two translates addresses. */
  private static TapEnd mirror(TapEnd end) {
    return new TapEnd(0, "", /* local= */ end.remote(), /* remote= */ end.local());
  }
}
