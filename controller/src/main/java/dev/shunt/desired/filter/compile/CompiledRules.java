package dev.shunt.desired.filter.compile;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A rule set as the programs read it.
 *
 * @param pages in order, {@code struct filter_page} each, in host byte order
 * @param generation of the set
 */
public record CompiledRules(List<ByteBuffer> pages, long generation) {
  /** Copies the list. */
  public CompiledRules {
    pages = List.copyOf(pages);
  }
}
