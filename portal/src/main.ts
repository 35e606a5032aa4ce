// The page's beginning.
import { mount } from 'svelte';
import './app.css';
import App from './pages/App.svelte';
import { refuseDrops } from './ui/drops';

refuseDrops();
const target = document.getElementById('app');
if (target) {
	// What stands there until now is for browsers that don't get this far.
	target.replaceChildren();
	mount(App, { target });
}
