package dev.shunt.ingest.distribution;

import dev.shunt.v1.NodeCapabilities;
import dev.shunt.v1.NodeReport;

/** What the node says of itself. Called by the stream's thread; may block for a moment. */
public interface NodeFeed {
  /** What it can do; asked for at each connection. */
  NodeCapabilities capabilities();

  /** What it counted so far; asked for every 10 seconds while connected. */
  NodeReport report();
}
