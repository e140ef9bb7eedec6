package dev.shunt.datapath.symbols;

import java.util.List;

/**
 * Tells whether a library was linked into a program, also when its symbols were stripped: by texts
 * that only its own code has. Immutable.
 *
 * @param texts any of them will do
 */
public record EmbeddedLibrary(List<String> texts) {
  /** Copies the list. */
  public EmbeddedLibrary {
    texts = List.copyOf(texts);
  }

  /** Begins to look for it in one program. */
  TextSearch search() {
    return new TextSearch(texts);
  }
}
