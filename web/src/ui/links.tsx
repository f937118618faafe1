import { Button, type ButtonProps, Menu, type MenuItemProps, NavLink, type NavLinkProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { ComponentPropsWithRef } from "react";

type Anchor<P> = P & Omit<ComponentPropsWithRef<"a">, keyof P>;

/** A button that is a link to a page. */
export const ButtonLink = createLink((props: Anchor<ButtonProps>) => <Button component="a" {...props} />);

/** An entry of a menu that is a link to a page. */
export const MenuLink = createLink((props: Anchor<MenuItemProps>) => <Menu.Item component="a" {...props} />);

/** An entry of the navigation. */
export const NavigationLink = createLink((props: Anchor<NavLinkProps>) => <NavLink component="a" {...props} />);
