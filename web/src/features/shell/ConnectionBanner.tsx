import { useConnection } from "../../api/connection";
import { t } from "../../texts";
import classes from "./Shell.module.css";

/** Says that the server does not answer, for as long as it does not. */
export function ConnectionBanner() {
  const lost = useConnection((state) => state.lost);
  return <div role="status">{lost && <div className={classes.banner}>{t.errors.lost}</div>}</div>;
}
