@NullMarked
package dev.shunt.agent.removal;

import org.jspecify.annotations.NullMarked;
