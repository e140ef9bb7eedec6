package dev.shunt.e2e.verify.scenes;

import java.util.ArrayList;
import java.util.List;

/** Which addresses a scene's connections have. */
enum Family {
  V4,
  V6,
  /** Both at once: two sockets a listener, and clients of either family. */
  DUAL;

  boolean has4() {
    return this != V6;
  }

  boolean has6() {
    return this != V4;
  }

  /** {@code -4}, {@code -6} or both. */
  List<String> ipOptions() {
    return both("-4", "-6");
  }

  /** Of two things, those of this family's addresses. */
  List<String> both(String of4, String of6) {
    List<String> chosen = new ArrayList<>();
    if (has4()) {
      chosen.add(of4);
    }
    if (has6()) {
      chosen.add(of6);
    }
    return List.copyOf(chosen);
  }
}
