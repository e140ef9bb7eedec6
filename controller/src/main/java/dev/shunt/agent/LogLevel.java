package dev.shunt.agent;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much the node logs. */
enum LogLevel {
  ERROR(Level.ERROR),
  WARN(Level.WARN),
  INFO(Level.INFO),
  DEBUG(Level.DEBUG);

  private final Level level;

  LogLevel(Level level) {
    this.level = level;
  }

  /** Sets the level of Shunt's own loggers; libraries stay at WARN. */
  void apply() {
    ((Logger) LoggerFactory.getLogger("dev.shunt")).setLevel(level);
  }
}
